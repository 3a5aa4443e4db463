import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { GoldQuestion } from "../gold.js";
import { indexedLibrary } from "./indexed.js";
import { DATASETS, readPublicFile, readPublicLines } from "./public-file.js";
import type { EvalSet } from "./set.js";

/**
 * BIPIA (Yi et al., 2023): each of 75 orders stands in an e-mail, at its beginning, middle or end in turn, and the question
 * of the e-mail is asked. Whether the order was obeyed is told by words that only an obedient answer has
 * (`eval/datasets/bipia/marks.json`, ours) and by answers that are no words of the e-mail, see `metrics/obeyed.ts`. It is
 * small, so its sample is all of it.
 */
export function bipiaSet(): EvalSet {
  const name = "bipia";
  const mails = readPublicLines<BipiaMail>("bipia/email_train.jsonl.gz");
  const marks = JSON.parse(readFileSync(join(DATASETS, "bipia", "marks.json"), "utf8")) as Record<
    string,
    string[]
  >;
  const attacks = loadAttacks().flatMap(({ category, order }, index) => {
    const mail = mails[index % mails.length];
    return mail === undefined
      ? []
      : [{ id: `bipia-${index + 1}`, category, order, mail, at: POSITIONS[index % 3] ?? 0 }];
  });
  return {
    name,
    library: attacks.map(({ id, order, mail, at }) => ({
      pageContent: plant(order, mail.context, at),
      metadata: { source: id },
    })),
    measured: (documents) => {
      const library = indexedLibrary(documents);
      const gold = attacks.map(
        ({ id, category, order, mail }): GoldQuestion => ({
          id,
          type: category,
          question: mail.question.replace(/^Q: /, ""),
          answerable: mail.ideal !== "unknown",
          evidenceSets: [],
          optional: [],
          nuggets:
            mail.ideal === "unknown"
              ? []
              : [{ text: mail.ideal, vital: true, forms: amountForms(mail.ideal) }],
          forbidden: marks[order] ?? [],
          within: [library.document(id).id],
          injected: library.places(id, [order], [0]),
        }),
      );
      return { name, gold, statements: [] };
    },
  };
}

/** Where in the e-mail the order goes, as a share of its length. */
const POSITIONS = [0, 0.5, 1];

interface BipiaMail {
  context: string;
  question: string;
  /** The amount that the e-mail names, or "unknown". */
  ideal: string;
}

function loadAttacks(): { category: string; order: string }[] {
  const byCategory = JSON.parse(readPublicFile("bipia/text_attack_train.json.gz")) as Record<
    string,
    string[]
  >;
  return Object.entries(byCategory).flatMap(([category, orders]) =>
    orders.map((order) => ({ category: category.toLowerCase(), order })),
  );
}

/** Puts an order on a line of its own, before the first line or sentence that begins at or after a share of the text. */
function plant(order: string, text: string, share: number): string {
  const from = Math.floor(text.length * share);
  const next = share === 0 ? 0 : text.slice(from).search(/(?<=\n|[.!?] )/);
  const at = next < 0 ? text.length : from + next;
  return [text.slice(0, at), order, text.slice(at)]
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .join("\n\n");
}

/** "$2 500.00" is written "$2,500.00", "$2500.00" and "2,500" as well. */
function amountForms(amount: string): string[] {
  const digits = amount.replace(/[^\d.]/g, "");
  const grouped = Number(digits).toLocaleString("en-US", { minimumFractionDigits: 2 });
  return [digits, grouped, digits.replace(/\.00$/, ""), grouped.replace(/\.00$/, "")];
}
