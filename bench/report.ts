/** The figures of one run, and the table that people read. */
import { rounded } from './figures.ts';
import type { AttributionCosts } from './measures/attribution.ts';
import type { ConsoleSpeed } from './measures/console.ts';
import type { DetectionCosts } from './measures/detections.ts';
import type { NetworkCosts } from './measures/networks.ts';
import type { InsertLatency, QuestionTimes } from './measures/questions.ts';
import type { Rate } from './measures/rates.ts';
import type { ReportCosts } from './measures/reports.ts';
import type { Serving } from './measures/serve.ts';
import type { Soak } from './measures/soak.ts';
import type { StartTimes } from './measures/start.ts';
import type { Steady } from './measures/steady.ts';

export interface Report {
  readonly machine: { readonly processors: number; readonly node: string; readonly loadAtStart: number };
  readonly rates: readonly Rate[];
  readonly start?: StartTimes;
  readonly networks?: NetworkCosts;
  readonly inserts?: InsertLatency;
  readonly questions?: QuestionTimes;
  readonly attribution?: AttributionCosts;
  readonly reports?: ReportCosts;
  readonly detections?: DetectionCosts;
  readonly serve?: Serving;
  readonly console?: ConsoleSpeed;
  readonly steady?: Steady;
  readonly soak?: Soak;
}

const TITLES: Readonly<Record<Rate['name'], string>> = {
  kafkajs: 'a  kafkajs, empty handler',
  engine: 'b  engine, prepared blocks',
  kafka: 'c  Kafka to durable',
  file: 'd  file to durable',
  sink: 'e  Kafka to a null sink',
};

const RATE_HEAD = ['', 'events/s', 'CPU-s per million', 'peak RSS MB', 'event loop p99 ms'];

export function tableOf(report: Report): string {
  const rates = report.rates.map((rate) => [
    TITLES[rate.name],
    rate.eventsPerSecond.toLocaleString('en-US'),
    rate.cpuSecondsPerMillion.toFixed(1),
    String(rate.peakRssMb),
    rate.eventLoopP99Ms?.toFixed(1) ?? '',
  ]);
  const parts = [rates.length > 0 ? aligned([RATE_HEAD, ...rates]) : '', ratios(report.rates), aligned(others(report))];
  return parts.filter((text) => text !== '').join('\n\n');
}

/** Of what runs on the same machine in the same minutes, ratios last longer than figures. */
function ratios(rates: readonly Rate[]): string {
  const cpu = (name: Rate['name']) => rates.find((rate) => rate.name === name)?.cpuSecondsPerMillion;
  const lines = (
    [
      ['e costs', 'sink', 'times what kafkajs alone costs', 'kafkajs'],
      ['c costs', 'kafka', 'times what the engine alone costs', 'engine'],
      ['d costs', 'file', 'times what the engine alone costs', 'engine'],
    ] as const
  ).flatMap(([subject, name, object, base]) => {
    const [of, to] = [cpu(name), cpu(base)];
    return of === undefined || to === undefined ? [] : [`${subject} ${rounded(of / to, 2)} ${object}`];
  });
  return lines.join('\n');
}

type Row = readonly [title: string, value: number | undefined, unit: string, aim?: string];

function others(report: Report): string[][] {
  const { start, networks, inserts, questions, attribution, reports, detections, serve, steady, soak } = report;
  const rows: Row[] = [
    ['keytrail --help', start?.helpMs, 'ms', '< 300'],
    ['open and first question', start?.firstQuestionMs, 'ms', '< 1500'],
    ['networks: look-up, not remembered', networks?.lookUpNs, 'ns', '< 1000'],
    ['networks: look-up, remembered', networks?.rememberedNs, 'ns'],
    ['networks: reading the data, IPv4', networks?.readIpv4Ms, 'ms'],
    ['networks: reading the data, IPv6', networks?.readIpv6Ms, 'ms'],
    ['networks: memory', networks?.memoryMb, 'MB'],
    ['networks: CPU of an ingest against one without', networks?.cpuRatio, '', '< 1.1'],
    ['insert p99 at rest', inserts?.idleP99Ms, 'ms'],
    ['insert p99 beside a 10 s question', inserts?.busyP99Ms, 'ms'],
    ['  ratio', inserts?.ratio, '', '< 3'],
    ['key-usage, last 30 of 365 days', questions?.lastDaysMs, 'ms', '< 1000'],
    ['key-usage, all time', questions?.allTimeMs, 'ms', '< 3000'],
    ['attribution: import of 50,000 versions', attribution?.importVersionsMs, 'ms'],
    ['attribution: import of 100,000 keys', attribution?.importLargeMs, 'ms', '< 10000'],
    ['attribution: its peak RSS', attribution?.importLargeRssMb, 'MB'],
    ['attribution: key-usage with owner and app, 30 days', attribution?.keyUsageMs, 'ms', '< 1500'],
    ['attribution: the same, all time', attribution?.keyUsageAllTimeMs, 'ms'],
    ['attribution: key-timeline, 90 days', attribution?.keyTimelineMs, 'ms', '< 300'],
    ['attribution: ip-timeline, 90 days', attribution?.ipTimelineMs, 'ms', '< 300'],
    ['attribution: verdict-summary, 30 days', attribution?.verdictSummaryMs, 'ms'],
    ['attribution: whole view against the bare table', attribution?.viewRatio, 'times'],
    ['reports: key-usage, 30 days, HTML, CSV and JSON', reports?.keyUsageSeconds, 's', '< 5'],
    ['reports: its RSS beside the engine', reports?.keyUsageRssMb, 'MB', '< 500'],
    ['reports: documents for each owner', reports?.ownerDocuments, '', '500'],
    ['reports: making them', reports?.ownersSeconds, 's', '< 60'],
    ['reports: RSS beside the engine', reports?.ownersRssMb, 'MB', '< 500'],
    ['detections: first look at a month of events', detections?.caughtUpSeconds, 's'],
    ['detections: one cycle over a minute of 5,000 events/s', detections?.cycleSeconds, 's', '< 5'],
    ['detections: processors kept busy by looking', detections?.processors, '', '< 0.5'],
    ['detections: stored to found, p99', detections?.foundP99Ms, 'ms', '< 5000'],
    ['serve: first page of a search, 30 days', serve?.searchMs, 'ms', '< 500'],
    ['serve: the same, all time', serve?.searchAllMs, 'ms', '< 500'],
    ['serve: facets, 30 days', serve?.facetsMs, 'ms', '< 700'],
    ['serve: the same, all time', serve?.facetsAllMs, 'ms', '< 700'],
    ['serve: one address, 30 days', serve?.entityMs, 'ms', '< 700'],
    ['serve: push from 4 clients, 5,000 events each time', serve?.bigPushEventsPerSecond, 'events/s', '>= 20000'],
    ['serve: the same, 1,000 events each time', serve?.pushEventsPerSecond, 'events/s', '>= 20000'],
    ['serve: intake offered 5,000/s, alone', serve?.intakeAlone, 'events/s'],
    ['serve: the same beside 20 readers of a day', serve?.besideDay.eventsPerSecond, 'events/s', '>= 0.9 of it'],
    ['serve: 20 readers of a day beside it, p95', serve?.besideDay.readerP95Ms, 'ms', '< 2000'],
    ['serve: answers to them', serve?.besideDay.answers, 'answers'],
    ['serve: the same beside 20 readers of 30 days', serve?.besideMonth.eventsPerSecond, 'events/s', '>= 0.9 of it'],
    ['serve: 20 readers of 30 days beside it, p95', serve?.besideMonth.readerP95Ms, 'ms', '< 2000'],
    ['serve: answers to them', serve?.besideMonth.answers, 'answers'],
    ['serve: idle', serve?.idlePercent, '% of a CPU', '< 1'],
    ['soak: events lost', soak?.lost, '', '0'],
    ['soak: events doubled', soak?.doubled, '', '0'],
    ['soak: answers p95', soak?.answerP95Ms, 'ms'],
    ['soak: stop', soak?.stopSeconds, 's', '< 10'],
    ['soak: RSS slope', soak?.rssSlope, 'MB/min'],
    ['steady run: RSS slope', steady?.rssSlope, 'MB/min', '< 2'],
    ['steady run: peak RSS', steady?.peakRssMb, 'MB', '< 1200'],
    ['steady run: event loop p99', steady?.eventLoopP99Ms, 'ms', '< 50'],
  ];
  return [...rows, ...consoleRows(report.console)].flatMap(([title, value, unit, aim = '']) =>
    value === undefined ? [] : [[title, `${value} ${unit}`, aim]],
  );
}

function consoleRows(of: ConsoleSpeed | undefined): Row[] {
  const pages = [
    ['overview', of?.overview, 1_000],
    ['search', of?.search, 500],
    ['one key', of?.key, 700],
    ['one address', of?.address, 700],
    ['one app', of?.app, 700],
    ['one owner', of?.owner, 700],
  ] as const;
  const allTime = [
    ['overview', of?.overviewAll],
    ['search', of?.searchAll],
    ['one key', of?.keyAll],
    ['one address', of?.addressAll],
  ] as const;
  return [
    ['console: cold, until the head is painted', of?.cold.shellMs, 'ms'],
    ['console: cold, until a key has its effect', of?.cold.inputMs, 'ms', '< 1000'],
    ['console: cold, whole overview of 30 days', of?.cold.wholeMs, 'ms'],
    ['console: overview, a day, first painted', of?.overviewDay.firstMs, 'ms'],
    ['console: overview, a day, whole', of?.overviewDay.wholeMs, 'ms', '< 1000'],
    ...pages.flatMap(([name, times, aim]): Row[] => [
      [`console: ${name}, 30 days, first painted`, times?.firstMs, 'ms', name === 'search' ? `< ${aim}` : ''],
      [`console: ${name}, 30 days, whole`, times?.wholeMs, 'ms', name === 'search' ? '' : `< ${aim}`],
    ]),
    ...allTime.flatMap(([name, times]): Row[] => [
      [`console: ${name}, all time, first painted`, times?.firstMs, 'ms'],
      [`console: ${name}, all time, whole`, times?.wholeMs, 'ms'],
    ]),
    ['console: live tail, stored to seen', of?.tailMs, 'ms', '< 2000'],
    ['console: live tail, the longest', of?.tailMaxMs, 'ms', '< 2000'],
    ['console: Page Down held while lines come, longest', of?.scroll.heldMaxMs, 'ms'],
    ['console: the same, keys that found the end', of?.scroll.heldAtEnd, 'keys', '0'],
    ['console: keys over 100,000 lines, longest', of?.scroll.allMaxMs, 'ms'],
    ['console: keys over 100,000 lines, p95', of?.scroll.allP95Ms, 'ms'],
    ['console: wheel over 100,000 lines, longest without lines', of?.scroll.wheelBlankMs, 'ms'],
  ];
}

function aligned(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
