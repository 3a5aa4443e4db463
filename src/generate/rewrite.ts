import { HumanMessage, SystemMessage } from "@langchain/core/messages";
import type { Turn } from "../answer/answer.js";
import type { LanguageModel } from "./models/language-model.js";
import { streamText } from "./stream-text.js";
import { wordsOf } from "./verify/words.js";

export interface RewriteOptions {
  question: string;
  /** Oldest first. */
  history: readonly Turn[];
  stallSeconds: number;
  signal?: AbortSignal | undefined;
}

/** Tokens and characters of a question that was made whole. */
const MAX_TOKENS = 60;
const MAX_LENGTH = 300;

/** Turns that are shown to the model, and characters of each. */
const TURNS = 4;
const TURN_LENGTH = 400;

/**
 * Lets the model make a follow-up whole. What comes back is used only where it is one question that is made of the
 * conversation's own words and of all that the person asked: a model cannot bring in what nobody spoke of. Undefined
 * otherwise, and where the model fails.
 */
export async function rewriteFollowUp(
  { chat }: Pick<LanguageModel, "chat">,
  { question, history, stallSeconds, signal }: RewriteOptions,
): Promise<string | undefined> {
  const turns = history
    .slice(-TURNS)
    .map(({ role, content }) => `${role}: ${content.replace(/\s+/g, " ").slice(0, TURN_LENGTH)}`);
  const messages = [
    new SystemMessage(
      "Rewrite the last question so that it can be understood without the conversation, in the conversation's own words. Write the question and nothing else.",
    ),
    new HumanMessage(`${turns.join("\n")}\nLast question: ${question}`),
  ];
  let text = "";
  try {
    await streamText(chat, messages, { maxTokens: MAX_TOKENS, stallSeconds, signal }, async (more) => {
      text += more;
      return /\S\s*\n|\?/.test(text) || text.length > MAX_LENGTH ? "enough" : "more";
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    return undefined;
  }
  const rewritten = (/^[^\n?]*\??/.exec(text.trim())?.[0] ?? "").replace(/^["“]|["”]$/g, "").trim();
  return isFaithful(rewritten, question, turns) ? rewritten : undefined;
}

function isFaithful(rewritten: string, question: string, turns: readonly string[]): boolean {
  const spoken = stemsOf([...turns, question].join("\n"));
  const said = stemsOf(rewritten);
  return (
    rewritten.endsWith("?") &&
    rewritten.length <= MAX_LENGTH &&
    [...said].every((stem) => spoken.has(stem)) &&
    [...stemsOf(question)].every((stem) => said.has(stem) || POINTING.has(stem))
  );
}

/** Words of a follow-up that point back; a whole question has what they point at. */
const POINTING = new Set(
  "next after before that same more else instead again then now first last previous".split(" "),
);

function stemsOf(text: string): Set<string> {
  return new Set(wordsOf(text).flatMap(({ kind, stem }) => (kind === "function" ? [] : [stem])));
}
