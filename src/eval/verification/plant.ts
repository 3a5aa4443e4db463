/** A statement made from a sentence, and whether the sentence still bears it out. */
export interface PlantedStatement {
  /** What was done to the sentence. */
  change:
    | "none"
    | "lead-in dropped"
    | "contraction written out"
    | "figure"
    | "unit"
    | "negation"
    | "opposite"
    | "name"
    | "other sentence"
    | "invention";
  statement: string;
  supported: boolean;
}

/**
 * Makes statements from a sentence by planted changes, the same each time: some that change nothing, others that make it
 * say what it does not say.
 * @param others Sentences of the same collection; names and whole sentences are taken from them.
 */
export function plantChanges(sentence: string, index: number, others: readonly string[]): PlantedStatement[] {
  const other = others[(index + 31) % others.length] ?? sentence;
  const invented = `${sentence.replace(/[.!?]$/, "")}, ${INVENTIONS[index % INVENTIONS.length]}.`;
  const made: [PlantedStatement["change"], string | undefined, boolean][] = [
    ["none", sentence, true],
    ["lead-in dropped", withoutLeadIn(sentence), true],
    ["contraction written out", writtenOut(sentence), true],
    ["figure", otherFigure(sentence), false],
    ["figure", exchanged(sentence, FIGURES), false],
    ["unit", exchanged(sentence, UNITS), false],
    ["negation", denied(sentence), false],
    ["negation", affirmed(sentence), false],
    ["opposite", exchanged(sentence, OPPOSITES), false],
    ["name", otherName(sentence, index, others), false],
    ["other sentence", other === sentence ? undefined : other, false],
    ["invention", invented, false],
  ];
  return made.flatMap(([change, statement, supported]) =>
    statement === undefined || (statement === sentence) !== (change === "none")
      ? []
      : [{ change, statement, supported }],
  );
}

type Exchange = readonly [from: string, to: string];

const pairs = (text: string): Exchange[] =>
  text.split(" ").map((pair) => pair.split(":") as unknown as Exchange);

const FIGURES = pairs(
  "two:five three:six four:seven five:eight six:nine seven:ten eight:twelve nine:two ten:three twelve:four twenty:six",
);
const UNITS = pairs("weeks:months months:years days:weeks hours:minutes years:days percent:dollars");
const OPPOSITES = pairs(
  "before:after after:before more:less less:more best:worst most:few first:last always:never increase:decrease " +
    "larger:smaller free:expensive easier:harder early:late north:south won:lost",
);

const INVENTIONS = [
  "because experts at Harvard recommend it",
  "and this costs about 500 dollars",
  "as most universities require",
  "which was announced by the government",
  "and it is widely used in hospitals",
];

function withoutLeadIn(sentence: string): string {
  return sentence
    .replace(/^(?:But|And|So|However|Yet|Also|Now),? /, "")
    .replace(/^\p{Ll}/u, (letter) => letter.toUpperCase());
}

function writtenOut(sentence: string): string {
  return sentence.replace(/\b(do|does|did|is|are|was|were)n[’']t\b/g, "$1 not");
}

function otherFigure(sentence: string): string {
  return sentence.replace(/\d+/, (digits) => String(Number(digits) + (digits.length > 3 ? 7 : 3)));
}

function exchanged(sentence: string, exchanges: readonly Exchange[]): string | undefined {
  const found = exchanges.find(([from]) => new RegExp(`\\b${from}\\b`).test(sentence));
  return found && sentence.replace(new RegExp(`\\b${found[0]}\\b`), found[1]);
}

function denied(sentence: string): string | undefined {
  if (/\b(?:not|no|never)\b|n[’']t/i.test(sentence)) return undefined;
  return sentence.replace(
    /\b(is|are|was|were|can|will|should|must|could|has been|have been) (?!not\b)/,
    "$1 not ",
  );
}

function affirmed(sentence: string): string {
  return sentence.replace(
    /\b(do|does|did|is|are|was|were|ca|should|would|could)(?:n[’']t| not)\b|\bnot /,
    "$1",
  );
}

/** The first name that does not open the sentence, replaced by one of another sentence. */
function otherName(sentence: string, index: number, others: readonly string[]): string | undefined {
  const name = namesOf(sentence)[0];
  if (name === undefined) return undefined;
  for (let step = 1; step < others.length; step++) {
    const names = namesOf(others[(index + step * 7) % others.length] ?? "");
    const other = names.find((one) => !sentence.includes(one));
    if (other !== undefined) return sentence.replace(name, other);
  }
  return undefined;
}

function namesOf(sentence: string): string[] {
  return (
    sentence.match(/(?<=[\p{Ll}\p{N},] )(?!The\b|And\b|But\b|For\b|You\b|How\b|What\b)\p{Lu}\p{L}{2,}/gu) ??
    []
  );
}
