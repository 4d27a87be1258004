/** A report as one HTML file: no script, nothing that is loaded, and good on paper. */
import type { ReportDocument } from '../../../schemas/reports.ts';
import { sectionHtml } from './html-section.ts';
import { escapeHtml, textHtml } from './markup.ts';
import { periodText, plainText, scopeText, timeText, titleOf } from './readable.ts';
import { styleOf } from './style.ts';

/** The licences of the bundled network data ask for it where their answers are shown. */
const CREDIT = 'Networks of addresses: RouteViews, NRO, IP Geolocation by DB-IP (https://db-ip.com), CC BY 4.0.';
/** Nothing in the file could run or load, even if something that is not ours had come into it. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

export function htmlOf(document: ReportDocument): string {
  const title = plainText([titleOf(document), scopeText(document)].filter(Boolean).join(', '));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>${escapeHtml(title)}</title>
<style>${styleOf(`keytrail · ${title}`)}</style>
</head>
<body>
${headHtml(document)}
<main>
${document.is_empty ? '' : document.sections.map((section) => sectionHtml(section, document)).join('\n')}
</main>
<footer>
<p>Report ${escapeHtml(document.id)}, made by keytrail from the stored record. Each figure names the command that asks for it again.</p>
<p>${escapeHtml(CREDIT)}</p>
</footer>
</body>
</html>
`;
}

function headHtml(document: ReportDocument): string {
  const { title, period, description, summary, sections } = document;
  const scope = scopeText(document);
  const links = sections.map(({ id, title: name, error }) => {
    return `<li><a href="#${id}">${textHtml(name)}</a>${error === null ? '' : ' <span class="mark bad">■</span>'}</li>`;
  });
  return [
    '<header>',
    `<p class="kicker"><span>${textHtml(description)}</span></p>`,
    `<h1>${textHtml(title)} <span>${textHtml([period.name, scope].filter(Boolean).join(' · '))}</span></h1>`,
    `<p class="summary">${textHtml(summary)}</p>`,
    `<dl class="facts">${factsOf(document).join('')}</dl>`,
    document.is_empty ? '' : `<nav aria-label="Sections"><ol>${links.join('')}</ol></nav>`,
    '</header>',
  ].join('\n');
}

function factsOf(document: ReportDocument): string[] {
  const { period, previous_period: previous, generated_at: made, parameters, coverage, totals } = document;
  const given = Object.entries(parameters).filter(([, value]) => String(value) !== '');
  const running = period.is_provisional ? ' <span class="mark warn">▲ still running: provisional</span>' : '';
  const failed = totals.sections_failed;
  return [
    fact('Period', `${escapeHtml(periodText(document))}${running}`),
    fact('Compared with', previous === null ? 'nothing' : textHtml(previous.name)),
    fact('Made', `${escapeHtml(timeText(made, period.zone))} ${escapeHtml(period.zone)}`),
    fact(
      'Asked for',
      given.length === 0
        ? 'everything'
        : given.map(([name, value]) => textHtml(`${name} = ${String(value)}`)).join(', '),
    ),
    ...(failed === 0
      ? []
      : [
          fact(
            'Not whole',
            `<span class="mark bad">■ ${failed} of ${totals.sections} sections have no answer.</span>`,
            true,
          ),
        ]),
    fact('Is the record complete?', `${coverageMark(document)} ${textHtml(coverage.sentence)}`, true),
  ];
}

const fact = (name: string, html: string, isWide = false): string =>
  `<div${isWide ? ' class="wide"' : ''}><dt>${name}</dt><dd>${html}</dd></div>`;

function coverageMark({ coverage }: ReportDocument): string {
  const { gaps, dead_letters: letters, conflicts, late_events: late } = coverage;
  if ((gaps ?? 0) + (letters ?? 0) + (conflicts ?? 0) > 0) return '<span class="mark bad">■ Not whole.</span>';
  if ([gaps, letters, conflicts, late].includes(null)) return '<span class="mark warn">○ Not judged whole.</span>';
  return (late ?? 0) > 0
    ? '<span class="mark warn">▲ Whole, with late events.</span>'
    : '<span class="mark good">● Whole, as far as is known.</span>';
}
