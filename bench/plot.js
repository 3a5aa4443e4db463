const WIDTH = 260;
const HEIGHT = 170;
const MARGIN = { left: 46, right: 12, top: 30, bottom: 26 };

/** How the figures of `library.js` grow with the number of passages, as an SVG: one panel a figure, both axes logarithmic. */
export function plotLibrary(results) {
  const panels = [
    { title: "search, p50, ms", goal: 15, of: ({ search }) => search.p50 },
    { title: "ask, p50, ms", goal: 200, of: ({ ask }) => ask.p50 },
    { title: "nearest 100, p50, ms", goal: 1, of: ({ nearest }) => nearest.p50 },
    { title: "open and first search, ms", goal: 2000, of: ({ open }) => open },
    { title: "memory, MiB", goal: 700, of: ({ memory }) => memory },
    { title: "database, MiB", of: ({ database }) => database },
  ];
  const columns = 3;
  const drawn = panels.map(
    (panel, index) =>
      `<g transform="translate(${(index % columns) * WIDTH},${Math.floor(index / columns) * HEIGHT})">${draw(panel, results)}</g>`,
  );
  const height = Math.ceil(panels.length / columns) * HEIGHT;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${columns * WIDTH} ${height}" font-family="system-ui, sans-serif" font-size="10">
<title>Search, ask, nearest, opening, memory and database by number of passages</title>
<rect width="100%" height="100%" fill="#fff"/>
${drawn.join("\n")}
</svg>
`;
}

function draw({ title, goal, of }, results) {
  const values = results.map(of);
  const x = scale(
    results.map(({ passages }) => passages),
    MARGIN.left,
    WIDTH - MARGIN.right,
  );
  const y = scale(goal === undefined ? values : [...values, goal], HEIGHT - MARGIN.bottom, MARGIN.top);
  const points = results.map((result, index) => [x(result.passages), y(values[index])]);
  const dots = points.map(([cx, cy]) => `<circle cx="${cx}" cy="${cy}" r="2.5" fill="#2563eb"/>`);
  const labels = points.map(
    ([px, py], index) => `<text x="${px}" y="${py - 5}" text-anchor="middle">${short(values[index])}</text>`,
  );
  const ticks = results.map(
    ({ passages }) =>
      `<text x="${x(passages)}" y="${HEIGHT - MARGIN.bottom + 13}" text-anchor="middle" fill="#555">${short(passages)}</text>`,
  );
  const limit =
    goal === undefined
      ? ""
      : `<path d="M${MARGIN.left} ${y(goal)}H${WIDTH - MARGIN.right}" stroke="#b91c1c" stroke-dasharray="4 3"/><text x="${MARGIN.left - 4}" y="${y(goal) + 3}" text-anchor="end" fill="#b91c1c">${short(goal)}</text>`;
  return `<text x="${MARGIN.left}" y="14" font-weight="600">${title}</text><path d="M${MARGIN.left} ${MARGIN.top - 6}V${HEIGHT - MARGIN.bottom}H${WIDTH - MARGIN.right}" fill="none" stroke="#999"/>${limit}<polyline points="${points.map((point) => point.join(",")).join(" ")}" fill="none" stroke="#2563eb" stroke-width="1.5"/>${dots.join("")}${labels.join("")}${ticks.join("")}`;
}

/** Logarithmic, from a range of values to a range of places. */
function scale(values, from, to) {
  const low = Math.log(Math.min(...values));
  const high = Math.log(Math.max(...values));
  return (value) =>
    Math.round(
      (high === low ? (from + to) / 2 : from + ((Math.log(value) - low) / (high - low)) * (to - from)) * 10,
    ) / 10;
}

function short(value) {
  return value >= 1000 && value % 1000 === 0 ? `${value / 1000}k` : String(value);
}
