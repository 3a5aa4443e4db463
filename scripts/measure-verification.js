// Measures what verification lets through of labelled statements: npm run measure-verification -- [--fit] [--failures]
import { loadSettings } from "../dist/config.js";
import { figuresOf, fitSupport, judgeStatements } from "../dist/eval/verification/measure.js";
import { loadStatements } from "../dist/eval/verification/statements.js";
import { CrossEncoder } from "../dist/models/reader.js";

const reader = await CrossEncoder.load(loadSettings().models.reader);
const judged = await judgeStatements(reader, await loadStatements());
await reader.close();

const share = ({ count, of }) =>
  `${count} of ${of}${of === 0 ? "" : ` (${((100 * count) / of).toFixed(1)} %)`}`;
console.log("| half | set | unsupported let through | supported kept |\n|---|---|---|---|");
for (const { set, split, letThrough, kept } of figuresOf(judged)) {
  console.log(`| ${split} | ${set} | ${share(letThrough)} | ${share(kept)} |`);
}
if (process.argv.includes("--fit")) console.log(JSON.stringify(fitSupport(judged)));
if (process.argv.includes("--failures")) {
  for (const { set, split, change, fault, statement, text, supported, passes } of judged) {
    if (split === "test" || supported === passes) continue; // the test half tells nothing but its figures
    console.log(
      [
        `${set}, ${change ?? "as it is"}: ${passes ? "let through" : (fault ?? "unsupported")}`,
        statement,
        text,
      ].join("\n  "),
    );
  }
}
