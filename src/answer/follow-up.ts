import type { Turn } from "./answer.js";

/** A question as it is searched for, made whole with the conversation where it leans on it. */
export interface ResolvedQuestion {
  /** What is embedded, searched and read. */
  text: string;
  /** True where the question leans on the conversation, and `text` holds the earlier question too. */
  dependent: boolean;
  /** The question asks for what comes after (1) or before (-1) what was answered last. */
  step?: 1 | -1;
}

/** Earlier questions that a follow-up may need: a chain of follow-ups leads back to the one that names the subject. */
const MAX_EARLIER_QUESTIONS = 2;

/**
 * Makes a follow-up whole, by rules alone: a question that begins like a continuation ("and …", "what about …"), is
 * an ellipsis ("why?", "for how long?") or refers back ("that", "those", "it") is put behind the question it leans on.
 */
export function resolveFollowUp(question: string, history: readonly Turn[]): ResolvedQuestion {
  const asked = history
    .filter((turn) => turn.role === "user")
    .map((turn) => turn.content.replace(/\s+/g, " ").trim());
  if (asked.length === 0 || !leansBack(question)) return { text: question, dependent: false };
  const earlier: string[] = [];
  for (const previous of asked.reverse()) {
    earlier.unshift(previous);
    if (!leansBack(previous) || earlier.length === MAX_EARLIER_QUESTIONS) break;
  }
  const step = NEXT.test(question) ? 1 : PREVIOUS.test(question) ? -1 : undefined;
  return { text: [...earlier, question].join(" "), dependent: true, ...(step === undefined ? {} : { step }) };
}

const CONTINUATION =
  /^\W*(?:and|but|or|so|then|also|plus|what about|how about|what if|what else|anything else|any others?|(?:ok(?:ay)?|right|sure|great|thanks|cool|hm+)[, ]+(?:and|but|so|what|how|why|which|when|where|who|then))\b/iu;

/** Words that point back; not "there" in "is there a fee?", "one" in "one bag", "more" in "more than two". */
const ANAPHORA =
  /\b(?:that|this|those|these|them|they|their|its|he|she|his|her|him|ones|(?<!\b(?:is|are|was|were|be|if) )there|then|same|other|others|former|latter|above|previous|afterwards?|next|again|instead)\b|\bone\b(?!\s+\p{L}{3,})|\bmore\W*$/iu;

/** "it" points back where it is not only the grammar's: "does it take", "is it worth". */
const POINTING_IT =
  /\bit\b(?!\s+(?:take|takes|worth|is|possible|necessary|ok|okay|hard|easy|true|better|too|make|makes|matter|really))/iu;
const IMPERSONAL = /\b(?:is|was|does|will|would|did)\s+it\b/iu;

/**
 * "that" after a noun or verb joins clauses and does not point: "projects that stand out", "so that it works"; but it
 * does in "how long does that take".
 */
const JOINING_THAT =
  /\b(?:(?!does\b)\w{3,}s|so|say|says|said|know|sure|mean|means|think|given|something|anything|things?)\s+that\s+(?:\p{L}+)/giu;

const NEXT =
  /\b(?:after (?:that|this|those|these|them|it)|(?:what(?:'s| is| comes)?|and|the|comes?) next|next (?:one|step|phase|two|few|months?|weeks?)|afterwards?|following (?:that|months?|one|step)|then what|and then|subsequent(?:ly)?)\b/iu;
const PREVIOUS =
  /\b(?:before (?:that|this|those|these|them|it)|previous (?:one|step|phase|months?)|preceding|prior to (?:that|this))\b/iu;

/** Short, and yet it says all: "what is compost?"; but not "what is included?". */
const DEFINITION =
  /^\W*(?:(?:what|who|where)(?:['’]?s|\s+(?:is|are|was|were))\s+(?!\p{L}+ed\b)|(?:define|explain|describe)\s+(?:\p{L}+\s+)?)\p{L}+\W*$/iu;

function leansBack(question: string): boolean {
  if (CONTINUATION.test(question)) return true;
  const words = question.match(/[\p{L}\p{N}'’]+/gu) ?? [];
  if (words.length <= 3 && !DEFINITION.test(question)) return true;
  const withoutJoins = question.replace(JOINING_THAT, " ");
  if (ANAPHORA.test(withoutJoins)) return true;
  return POINTING_IT.test(question) && !(IMPERSONAL.test(question) && words.length > 8);
}
