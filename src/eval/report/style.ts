/** The report page's style sheet. */
export const PAGE_STYLE = `
:root { color-scheme: light dark; --line: #8884; --good: #2a7d46; --fair: #b07d12; --bad: #b3362b; }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; margin: .5rem 0; }
th, td { border-bottom: 1px solid var(--line); padding: .15rem .7rem; text-align: right; }
th:first-child, td:first-child { text-align: left; }
code { font-size: .85em; opacity: .75; }
.passed { color: var(--good); font-weight: 600; }
.failed { color: var(--bad); font-weight: 600; }
.charts { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem; }
.bars { grid-column: 1 / -1; max-width: 40rem; }
svg text { font: 10px system-ui, sans-serif; fill: currentColor; }
svg .title { font-weight: 600; font-size: 12px; }
.plot, .guide, .curve { fill: none; stroke: currentColor; }
.plot, .guide { stroke-opacity: .3; }
.curve { stroke-width: 2; stroke: var(--bad); }
.dot { fill: var(--good); fill-opacity: .8; }
.decision { fill: var(--good) !important; }
.recall { fill: var(--fair) !important; }
details { border-left: 4px solid var(--line); margin: .4rem 0; padding: .1rem .8rem; }
details.good { border-color: var(--good); } details.fair { border-color: var(--fair); } details.bad { border-color: var(--bad); }
summary { cursor: pointer; } summary i { opacity: .65; font-size: .85em; }
blockquote { margin: .5rem 0; padding-left: .8rem; border-left: 2px solid var(--line); white-space: pre-wrap; }
.excerpt { white-space: pre-wrap; font-size: .9em; }
.figures, .turn { font-size: .85em; opacity: .8; }
.facts { list-style: none; padding: 0; } .found { color: var(--good); } .lost { color: var(--bad); }
mark { color: inherit; border-radius: 2px; padding: 0 .1em; }
.hit { background: #2a7d4655; } .missed { background: #d29b1955; } .extra { background: #b3362b44; } .fine { background: #4a78c944; }
`;
