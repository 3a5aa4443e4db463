/** The report page's style sheet. */
export const PAGE_STYLE = `
:root { color-scheme: light dark; --line: #8883; --soft: #8881; --good: #2a7d46; --fair: #b07d12; --bad: #b3362b; --ink: #2f5fa8; }
@media (prefers-color-scheme: dark) { :root { --good: #57b87a; --fair: #d8a53a; --bad: #e4786d; --ink: #7fa8e8; } }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 66rem; margin: 2rem auto 6rem; padding: 0 1.2rem; }
h1 { font-size: 1.6rem; margin: 0; } h2 { font-size: 1.2rem; margin: 2.2rem 0 .5rem; } h3 { font-size: 1rem; margin: 1.2rem 0 .2rem; }
header p, .note, .turn { opacity: .75; font-size: .88em; }
code { font-size: .8em; opacity: .6; }
table { border-collapse: collapse; margin: .3rem 0; font-variant-numeric: tabular-nums; }
th { font-weight: 600; font-size: .82em; opacity: .7; vertical-align: bottom; }
th, td { border-bottom: 1px solid var(--line); padding: .2rem .8rem .2rem 0; text-align: right; }
th:first-child, td:first-child { text-align: left; }
.groups { overflow-x: auto; } .figures { width: 100%; } .figures td:nth-child(2) { font-weight: 600; } .figures th:first-child { width: 50%; }
.range { white-space: nowrap; } .range span { display: inline-block; width: 7.5em; font-size: .85em; opacity: .75; }
.interval { width: 108px; height: 10px; vertical-align: middle; }
.spread { stroke: var(--ink); stroke-width: 3; stroke-opacity: .45; }
.broken td { color: var(--bad); }
.gate { border: 1px solid; border-left-width: 6px; border-radius: 6px; padding: .5rem 1rem; margin: 1rem 0; }
.gate p { margin: .2rem 0; } .gate p:first-child { font-weight: 600; } .gate ul { margin: .3rem 0; }
.gate .note { color: CanvasText; }
.passed, .found, .better { color: var(--good); } .failed, .lost, .worse { color: var(--bad); }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(7.4rem, 1fr)); gap: .7rem; margin: 1.2rem 0; }
.card { background: var(--soft); border-radius: 8px; padding: .6rem .8rem; display: flex; flex-direction: column; }
.card b { font-size: 1.5rem; line-height: 1.2; font-variant-numeric: tabular-nums; } .card span { font-size: .82em; } .card i { font-size: .75em; opacity: .65; font-style: normal; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(16rem, 1fr)); gap: 1.2rem; align-items: start; }
.charts svg { width: 100%; max-width: 30rem; }
@media (min-width: 60rem) { .charts { grid-template-columns: 1fr 1fr 1.5fr; } .charts > .bars:only-child { grid-column: 1 / -1; } }
svg text { font: 10px system-ui, sans-serif; fill: currentColor; }
svg .title { font-weight: 600; font-size: 12px; } svg .tick, svg .axis { opacity: .7; }
.plot, .guide, .curve { fill: none; stroke: currentColor; }
.plot, .guide { stroke-opacity: .25; }
.curve { stroke-width: 2; stroke: var(--ink); }
.dot { fill: var(--ink); fill-opacity: .85; } .now { fill: var(--bad); }
.decision { fill: var(--ink) !important; } .recall { fill: var(--fair) !important; }
details { border-left: 4px solid var(--line); border-radius: 2px; margin: .35rem 0; padding: .15rem .8rem; }
details[open] { background: var(--soft); padding-bottom: .6rem; }
details.good { border-color: var(--good); } details.fair { border-color: var(--fair); } details.bad { border-color: var(--bad); }
summary { cursor: pointer; } summary b { font-weight: 500; } summary i { opacity: .5; font-size: .8em; font-style: normal; }
.score { font-variant-numeric: tabular-nums; opacity: .7; font-size: .85em; }
.chips { display: inline-flex; gap: .35rem; flex-wrap: wrap; margin-left: .4rem; vertical-align: middle; }
.chip { font-size: .74em; border: 1px solid var(--line); border-radius: 1em; padding: 0 .6em; opacity: .8; }
.chip.cause { color: var(--bad); border-color: currentColor; opacity: 1; }
blockquote { margin: .6rem 0; padding-left: .8rem; border-left: 2px solid var(--line); white-space: pre-wrap; } blockquote p { margin: .2rem 0; }
.excerpt { white-space: pre-wrap; font-size: .88em; margin: .5rem 0; } cite { font-style: normal; opacity: .6; }
.facts { list-style: none; padding: 0; margin: .4rem 0; font-size: .92em; }
mark { color: inherit; border-radius: 3px; padding: 0 .15em; } blockquote mark { font-size: .78em; padding: 0 .5em; }
sup[data-n]::before { content: attr(data-n); font-size: .8em; font-weight: 700; color: var(--ink); padding: 0 .15em; }
.hit { background: #2a7d4655; } .missed { background: #d29b1966; } .extra { background: #b3362b44; } .fine { background: #4a78c944; } .order { background: #8a3fb044; }
@media print { details { break-inside: avoid; } }
`;
