import { describe, expect, it } from "vitest";
import { parseMarkdownText } from "../../../src/documents/markdown.js";
import { parseDataset } from "../../../src/eval/dataset.js";
import { METRICS } from "../../../src/eval/metrics/metric.js";
import { escapeMarkdown, escapeMarkup } from "../../../src/eval/report/escape.js";
import { figureGroups, formatFigure } from "../../../src/eval/report/figures.js";
import { junitXml } from "../../../src/eval/report/junit.js";
import { markedText } from "../../../src/eval/report/marked-text.js";
import { reportPage } from "../../../src/eval/report/page.js";
import { worstFirst } from "../../../src/eval/report/question-section.js";
import { summaryMarkdown } from "../../../src/eval/report/summary.js";
import { runEval } from "../../../src/eval/run.js";
import { answerRightly, scriptedWaymark } from "../scripted-waymark.js";

// Text that would break out of each of the formats if it were not escaped.
const EVIL = '</script><img src=x onerror=alert(1)> ]]> & "q" | `x`';
const document = parseMarkdownText(
  `# T\n\nFirst fact is here. Second fact is there.\n\n\`\`\`\n${EVIL}\n\`\`\``,
  {
    uri: "a.md",
  },
);
const questions = parseDataset(
  [
    {
      id: "refused",
      type: "far",
      question: "weather?",
      answerable: false,
      evidence: [],
      nuggets: [],
    },
    {
      id: "good",
      type: "lookup",
      question: "first?",
      answerable: true,
      evidence: [{ quote: "First fact is here." }],
      nuggets: [{ text: "first", vital: true, forms: ["first"] }],
    },
    {
      id: "bad",
      type: "<b>type</b>",
      question: `second? ${EVIL}`,
      answerable: true,
      evidence: [{ quote: "Second fact is there." }],
      nuggets: [{ text: EVIL, vital: false, forms: ["second"] }],
    },
  ]
    .map((question) => JSON.stringify(question))
    .join("\n"),
);
const evil = {
  documentId: document.id,
  start: document.text.indexOf("</script>"),
  end: document.text.length,
};
const results = await runEval({
  waymark: scriptedWaymark(questions, [document], (question, gold) =>
    question.id === "bad" ? [evil] : answerRightly(question, gold),
  ),
  dataset: { name: "reports", questions },
  documents: [document],
});
const failures = [{ metric: "evidence.recall" as const, reason: "Evidence recall is < .9 & falling." }];

describe("report.html", () => {
  const page = reportPage(results, { failures });

  it("holds every question, worst first, with the reasons and three plots", () => {
    expect(page.indexOf("<i>bad</i>")).toBeGreaterThan(0);
    expect(page.indexOf("<i>bad</i>")).toBeLessThan(page.indexOf("<i>good</i>"));
    expect(page.match(/<details/g)).toHaveLength(3);
    for (const plot of ["Risk by coverage", "Reliability", "Figures by type"])
      expect(page).toContain(`aria-label="${plot}"`);
    expect(page).toContain("Evidence recall is &lt; .9 &amp; falling.");
    expect(reportPage(results, { failures: [] })).toContain("The gate is passed.");
    expect(reportPage(results)).not.toContain("The gate is");
  });

  it("escapes all that comes from questions and documents, and loads nothing", () => {
    expect(page).not.toContain("<img");
    expect(page).not.toContain("<script");
    expect(page).not.toContain("</script");
    expect(page).not.toContain("<b>type</b>");
    expect(page).toContain("&lt;img src=x onerror=alert(1)&gt;");
    expect(page).not.toMatch(/\b(src|href)="/);
  });

  it("marks gold that was cited, gold that was missed and what was cited besides", () => {
    expect(page).toContain('<sup data-n="1"></sup><mark class="hit">First fact is here.</mark>');
    expect(page).toContain('First fact is here. <mark class="hit">1</mark>');
    expect(page).toContain('<mark class="missed">Second fact is there.</mark>');
    expect(page).toContain('<mark class="extra">&lt;/script&gt;');
  });
});

describe("report.html of the judge", () => {
  const statement = (id: string, supported: boolean, score: number) => ({
    id,
    statement: `Statement ${id} <i>`,
    text: EVIL,
    supported,
    score,
    correct: score >= -3 === supported,
  });
  const statements = [
    statement("right", true, 2),
    statement("unsure", false, -2),
    statement("wrong", false, 5),
  ];
  const page = reportPage({ ...results, statements });

  it("has the statements, the worst judgement first, and their texts escaped", () => {
    const order = ["wrong", "unsure", "right"].map((id) => page.indexOf(`Statement ${id} &lt;i&gt;`));
    expect(Math.min(...order)).toBeGreaterThan(0);
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(page).toContain("3 labelled statements for the judge");
    expect(page).not.toContain("<img");
  });
});

describe("the limits of the gate", () => {
  const limits = { "evidence.recall": { min: 0.9 }, "citations.fabricated": { max: 0 } };

  it("stand beside the figures, and what broke one is marked", () => {
    const page = reportPage(results, { failures, limits });
    expect(page).toMatch(/<tr class="broken"><td>Evidence recall .*<td>≥ \.900<\/td>/);
    expect(page).toMatch(/<tr><td>Fabricated citations .*<td>≤ \.000<\/td>/);
    expect(summaryMarkdown(results, { failures, limits })).toMatch(/\| Evidence recall .* \| ≥ \.900 \|/);
  });

  it("every metric is in one group of the tables", () => {
    const summary = {
      ...results.summary,
      metrics: Object.fromEntries(
        Object.keys(METRICS).map((metric) => [metric, { value: 0, low: 0, high: 0, n: 1 }]),
      ),
    };
    const shown = figureGroups({ summary }).flatMap(({ rows }) => rows.map(({ metric }) => metric));
    expect(shown.sort()).toEqual(Object.keys(METRICS).sort());
  });
});

describe("markedText", () => {
  it("loses and doubles no character of an excerpt", () => {
    const place = (start: number, end: number) => ({ documentId: document.id, start, end });
    const html = markedText([document], {
      gold: [place(3, 12)],
      optional: [place(10, 30)],
      cited: [place(5, 20), place(8, 25)],
    });
    const text = html.replace(/<cite>.*?<\/cite>/, "").replace(/<[^>]+>/g, "");
    expect(text.trim().startsWith("…")).toBe(true);
    expect(escapeMarkup(document.text)).toContain(text.trim().slice(1, -1));
  });

  it("has nothing to show where nothing is gold or cited", () => {
    expect(markedText([document], { gold: [], optional: [], cited: [] })).toBe("");
  });
});

describe("worstFirst", () => {
  it("puts a fabricated citation before everything else", () => {
    const [, good, bad] = results.questions;
    if (good === undefined || bad === undefined) throw new Error("two questions");
    const faulty = { ...good, id: "faulty", metrics: { ...good.metrics, "citations.fabricated": 1 } };
    expect(worstFirst([good, bad, faulty]).map(({ id }) => id)).toEqual(["faulty", "bad", "good"]);
  });
});

describe("summary.md", () => {
  it("tells the verdict, the figures and the differences", () => {
    const difference = { value: -0.1, low: -0.2, high: -0.05 };
    const text = summaryMarkdown(results, {
      failures,
      comparisons: [
        {
          name: "base|line",
          rows: [{ metric: "evidence.recall", before: 0.6, after: 0.5, difference, n: 2, verdict: "worse" }],
        },
      ],
    });
    expect(text).toContain("**The gate is not passed.**\n\n- Evidence recall is < .9 & falling.");
    expect(text).toMatch(
      /\| Evidence recall \(`evidence\.recall`\) \| \.500 \| \.000 to 1\.000 \| 2 \| {2}\|/,
    );
    expect(text).toContain("## Against base\\|line");
    expect(text).toContain("| .600 | .500 | -.100 | -.200 to -.050 | 2 | worse |");
  });

  it("keeps every row of its tables in one line with the same number of cells", () => {
    const rows = summaryMarkdown(results)
      .split("\n")
      .filter((line) => line.includes("type\\<") || line.includes("\\<b\\>"));
    expect(rows).toHaveLength(1);
    expect(rows[0]?.replace(/\\\|/g, "").split("|")).toHaveLength(8);
  });
});

describe("junit.xml", () => {
  it("fails by the gate alone, and has a case for each question", () => {
    const xml = junitXml(results, { failures });
    expect(xml).toContain('<testsuite name="gate" tests="1" failures="1" errors="0">');
    expect(xml).toContain('<failure message="Evidence recall is &lt; .9 &amp; falling."/>');
    expect(xml).toContain('<testsuite name="questions" tests="3" failures="0" errors="0">');
    expect(junitXml(results)).toContain('<testsuite name="gate" tests="1" failures="0" errors="0">');
  });

  it("is well-formed whatever the texts hold", () => {
    const xml = junitXml(results, { failures: [{ metric: "errors", reason: `\u0000\ud800 ${EVIL}` }] });
    expect(xml).not.toMatch(/&(?!(amp|lt|gt|quot|#39);)/);
    expect(xml).not.toContain("\u0000");
    const tags = xml.match(/<[^?][^>]*>/g) ?? [];
    const open: string[] = [];
    for (const tag of tags) {
      const name = /^<\/?([\w-]+)/.exec(tag)?.[1] ?? "";
      if (tag.startsWith("</")) expect(open.pop()).toBe(name);
      else if (!tag.endsWith("/>")) open.push(name);
    }
    expect(open).toEqual([]);
  });
});

describe("formatting", () => {
  it.each([
    [0.5, ".500"],
    [1, "1.000"],
    [-0.25, "-.250"],
    [42.26, "42.3"],
    [null, "–"],
  ])("writes %s as %s", (value, text) => expect(formatFigure(value)).toBe(text));

  it("keeps a cell of Markdown in its cell", () => {
    expect(escapeMarkdown("a|b\n<i>`c`")).toBe("a\\|b \\<i\\>\\`c\\`");
  });
});
