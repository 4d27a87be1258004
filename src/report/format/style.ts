/**
 * The style of a report in HTML. One file, so it stands inside it; no script, no font and no picture is loaded.
 *
 * Colours are said once, in light, in dark, and for paper. Series differ in lightness too, so that they are told apart
 * without colour. What a screen cannot do for paper stands in `@media print`: heads of tables on each page, no row cut
 * in two, and the report's name and page below.
 */
export function styleOf(footer: string): string {
  return `
:root {
  color-scheme: light dark;
  --page: #ffffff; --card: #f6f8fa; --line: #d9dee5; --line-soft: #e9edf2;
  --ink: #17202b; --ink-soft: #55606e; --link: #0b5cad;
  --accent: #1f6feb; --up: #96480a; --down: #17643a; --bad: #b3261e; --good: #17643a; --warn: #8a5300;
  --bad-wash: #fdeceb; --warn-wash: #fff5e2; --good-wash: #eaf6ee;
  --s0: #1f6feb; --s1: #d9822b; --s2: #1b8a6b; --s3: #8a63d2; --s4: #c23b63; --s5: #78838f;
  --heat: 31 111 235;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0e1319; --card: #161c24; --line: #2c3540; --line-soft: #212933;
    --ink: #e4e9ef; --ink-soft: #9aa7b5; --link: #7ab4ff;
    --accent: #58a0ff; --up: #f0a860; --down: #6fce97; --bad: #ff9a92; --good: #6fce97; --warn: #f0bd62;
    --bad-wash: #361a1a; --warn-wash: #322611; --good-wash: #14291d;
    --s0: #58a0ff; --s1: #f0a04b; --s2: #3fc59c; --s3: #b595f2; --s4: #f07f9e; --s5: #93a0ad;
    --heat: 88 160 255;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0; background: var(--page); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif;
}
main, header, footer { max-width: 1240px; margin: 0 auto; padding: 0 24px; }
a { color: var(--link); text-decoration: none; }
a:hover { text-decoration: underline; }
a:focus-visible, [tabindex]:focus-visible, summary:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
code { font: 12px/1.5 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
.hidden {
  position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap;
}
header { padding-top: 36px; }
.kicker { margin: 0; color: var(--ink-soft); font-size: 13px; display: flex; flex-wrap: wrap; gap: 4px 14px; }
h1 { margin: 4px 0 10px; font-size: 28px; line-height: 1.2; font-weight: 650; letter-spacing: -0.01em; }
h1 span { color: var(--ink-soft); font-weight: 400; }
.summary { margin: 0 0 18px; font-size: 18px; line-height: 1.45; max-width: 68ch; }
.facts {
  margin: 0 0 20px; display: grid; grid-template-columns: 2fr 1fr 1.3fr 1.3fr; gap: 1px;
  background: var(--line); border: 1px solid var(--line); border-radius: 8px; overflow: hidden;
}
.facts div { background: var(--page); padding: 9px 14px; }
.facts .wide { grid-column: 1 / -1; }
.facts dt { color: var(--ink-soft); font-size: 12px; }
.facts dd { margin: 0; font-variant-numeric: tabular-nums; }
.mark { font-weight: 600; }
.mark.bad { color: var(--bad); } .mark.warn { color: var(--warn); } .mark.good { color: var(--good); }
nav ol {
  list-style: none; margin: 0 0 4px; padding: 10px 0; display: flex; flex-wrap: wrap; gap: 4px 18px;
  border-top: 1px solid var(--line-soft); border-bottom: 1px solid var(--line-soft); font-size: 14px;
}
section { padding: 26px 0 4px; }
h2 { margin: 0; font-size: 18px; line-height: 1.3; font-weight: 650; }
h2 + p { margin: 2px 0 12px; max-width: 80ch; }
h2 + .figures, h2 + figure, h2 + .scroll { margin-top: 12px; }
.below { margin-top: 14px; }
.none { color: var(--ink-soft); font-weight: 400; }
.changed { margin: 10px 0 0; font-size: 13px; color: var(--ink-soft); max-width: 100ch; }
.changed b { color: var(--ink); font-weight: 600; }
.note { margin: 8px 0 0; font-size: 13px; color: var(--ink-soft); }
.how { margin: 8px 0 0; font-size: 12px; color: var(--ink-soft); overflow-wrap: anywhere; }
.how code { color: var(--ink-soft); }
.error { border-left: 3px solid var(--bad); background: var(--bad-wash); padding: 8px 12px; margin: 0 0 8px; border-radius: 0 6px 6px 0; }
.empty { color: var(--ink-soft); }
.figures {
  margin: 0; padding: 0; list-style: none; display: grid; gap: 10px;
  grid-template-columns: repeat(4, 1fr);
}
.figures li { background: var(--card); border: 1px solid var(--line-soft); border-radius: 8px; padding: 10px 14px; }
.figures a { display: block; color: inherit; }
.figures .label { display: block; font-size: 13px; color: var(--ink-soft); }
.figures .value { display: block; font-size: 24px; line-height: 1.25; font-weight: 600; font-variant-numeric: tabular-nums; }
.figures .delta { font-size: 12px; }
.figures .value.small { font-size: 15px; line-height: 30px; }
.delta { font-size: 0.92em; color: var(--ink-soft); font-variant-numeric: tabular-nums; white-space: nowrap; }
.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: 8px; }
table { border-collapse: collapse; width: 100%; font-size: 13px; line-height: 1.4; font-variant-numeric: tabular-nums; }
caption { text-align: left; }
th, td { text-align: left; padding: 5px 10px; vertical-align: top; border-top: 1px solid var(--line-soft); }
thead th, thead th.mono {
  border-top: 0; border-bottom: 1px solid var(--line); background: var(--card);
  font-family: inherit; font-size: 12px; font-weight: 600; color: var(--ink-soft); white-space: nowrap; vertical-align: bottom;
}
tbody th { font-weight: 600; }
tbody tr:first-child > * { border-top: 0; }
.number { text-align: right; white-space: nowrap; }
.time { white-space: nowrap; }
.text { max-width: 34em; } .short { white-space: nowrap; } .token { overflow-wrap: anywhere; min-width: 12em; }
.long { min-width: 20em; }
.mono { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: 12px; }
.bar { width: 18%; min-width: 80px; padding-left: 0; }
.bar svg { display: block; width: 100%; height: 12px; margin-top: 3px; }
.tag {
  display: inline-block; font: 600 0.86em/1.5 system-ui, "Segoe UI", "DejaVu Sans", sans-serif; padding: 0 0.5em;
  border-radius: 0.7em; white-space: nowrap;
}
.tag.new { background: var(--warn-wash); color: var(--warn); margin-left: 6px; }
.tag.bad { background: var(--bad-wash); color: var(--bad); }
.tag.warn { background: var(--warn-wash); color: var(--warn); }
.tag.good { background: var(--good-wash); color: var(--good); }
figure { margin: 0; }
.chart { display: block; width: 100%; height: auto; }
svg text { font: 12px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif; fill: var(--ink-soft); }
svg .strong { fill: var(--ink); }
svg .grid { stroke: var(--line-soft); } svg .axis { stroke: var(--line); }
svg .zero { fill: var(--line-soft); }
.s0 { fill: var(--s0); } .s1 { fill: var(--s1); } .s2 { fill: var(--s2); }
.s3 { fill: var(--s3); } .s4 { fill: var(--s4); } .s5 { fill: var(--s5); }
.legend { list-style: none; margin: 0 0 6px; padding: 0; display: flex; flex-wrap: wrap; gap: 2px 16px; font-size: 13px; color: var(--ink-soft); }
.legend svg { width: 10px; height: 10px; display: inline-block; margin-right: 6px; vertical-align: -0.5px; }
details { margin: 10px 0 0; font-size: 13px; }
details[open] summary { margin-bottom: 8px; }
summary { cursor: pointer; color: var(--link); width: max-content; }
footer { padding-top: 20px; padding-bottom: 40px; margin-top: 30px; font-size: 12px; color: var(--ink-soft); }
footer p { margin: 0 0 4px; padding-top: 12px; border-top: 1px solid var(--line-soft); overflow-wrap: anywhere; }
footer p + p { border: 0; padding-top: 0; }
@media (max-width: 900px) { .figures { grid-template-columns: repeat(auto-fill, minmax(140px, 1fr)); } }
@media (max-width: 640px) {
  main, header, footer { padding-left: 16px; padding-right: 16px; }
  header { padding-top: 20px; }
  h1 { font-size: 23px; }
  .summary { font-size: 16px; }
  .facts { grid-template-columns: 1fr 1fr; } .facts div:first-child { grid-column: 1 / -1; }
  .facts div:nth-child(4) { grid-column: 1 / -1; }
  .figures { grid-template-columns: 1fr 1fr; }
  th, td { padding: 5px 9px; }
  figure { overflow-x: auto; }
  .chart { min-width: 760px; } svg text { font-size: 14px; }
}
@page {
  size: A4; margin: 14mm 11mm 17mm;
  @bottom-left { content: ${cssText(footer)}; font: 8pt system-ui, "DejaVu Sans", sans-serif; color: #55606e; }
  @bottom-right { content: counter(page) " / " counter(pages); font: 8pt system-ui, "DejaVu Sans", sans-serif; color: #55606e; }
}
@media print {
  :root {
    color-scheme: light;
    --page: #fff; --card: #f4f6f8; --line: #c8ced6; --line-soft: #e1e6ec; --ink: #111820; --ink-soft: #4a5563; --link: #111820;
    --accent: #1f6feb; --bad: #9c1f18; --good: #14552f; --warn: #744600; --bad-wash: #fdeceb; --warn-wash: #fff5e2;
    --good-wash: #eaf6ee; --s0: #1f6feb; --s1: #d9822b; --s2: #1b8a6b; --s3: #8a63d2; --s4: #c23b63; --s5: #78838f;
    --heat: 31 111 235;
  }
  html { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  body { font-size: 10pt; }
  main, header, footer { max-width: none; padding: 0; }
  nav, details { display: none; }
  h1 { font-size: 20pt; } .summary { font-size: 12pt; }
  h2 { font-size: 12.5pt; }
  h2, h2 + p { break-after: avoid; }
  section { padding-top: 14pt; }
  .scroll { overflow: visible; border: 0; border-radius: 0; }
  table { font-size: 7.2pt; line-height: 1.3; } .many table { font-size: 6.3pt; }
  th, td { padding: 2.4pt 4pt; }
  th:first-child, td:first-child { padding-left: 2pt; }
  thead { display: table-header-group; }
  thead th, thead th.mono { white-space: normal; font-size: inherit; }
  .short { white-space: normal; }
  svg text { font-size: 15px; }
  .few { break-inside: avoid; }
  tr, figure, .figures li, .facts, .error { break-inside: avoid; }
  .token { min-width: 0; } .long { min-width: 9em; } .mono { font-size: 0.95em; }
  .bar { min-width: 60px; }
  .figures { grid-template-columns: repeat(4, 1fr); gap: 5pt; }
  .figures li { padding: 5pt 8pt; } .figures .delta { font-size: 7.5pt; } .figures .value { font-size: 15pt; }
.figures .value.small { font-size: 9pt; line-height: 20pt; }
  .facts div { padding: 4pt 8pt; }
  .how { font-size: 7pt; } .how code { font-size: 7pt; }
  .changed, .note { font-size: 8.5pt; }
  footer { margin-top: 12pt; padding-bottom: 0; }
}
`;
}

/** A string of CSS: nothing in it ends the string, or the style. */
function cssText(text: string): string {
  const plain = [...text].map((one) =>
    /[\p{L}\p{N} .,:()@_-]/u.test(one) ? one : `\\${one.codePointAt(0)?.toString(16)} `,
  );
  return `"${plain.join('')}"`;
}
