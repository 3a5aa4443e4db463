import type { Turn } from "../../answer/answer.js";
import { WaymarkError } from "../../errors.js";
import { MAX_QUESTION_LENGTH } from "../../question.js";
import type { AskOptions, CollectionSummary, Status } from "../../waymark.js";
import { wellFormed } from "../schemas/text.js";
import { SOURCES } from "./completion.js";
import type { ChatRequest } from "./schemas.js";

/** What a chat client asks, as Waymark asks it. */
export interface ChatQuestion {
  question: string;
  history: Turn[];
}

/** Characters of each turn before the question. */
const MAX_TURN = 8000;
const MAX_TURNS = 50;

/** What a chat client chooses with a model. */
export type ChatModel = Pick<AskOptions, "mode" | "collections">;

/**
 * The models by their ids: who writes with each, and from which collection. One that needs a language model is there only
 * with one; `waymark:notes` answers from the collection notes, where there are several.
 */
export function chatModels(
  { models }: Pick<Status, "models">,
  collections: readonly Pick<CollectionSummary, "name">[],
): Map<string, ChatModel> {
  const several = collections.length > 1 ? collections : [];
  return new Map<string, ChatModel>([
    ["waymark", {}],
    ["waymark-extractive", { mode: "extractive" }],
    ...(models.languageModel === undefined ? [] : [["waymark-generated", { mode: "generated" }] as const]),
    ...several.map(({ name }) => [`waymark:${name}`, { collections: [name] }] as const),
  ]);
}

/**
 * The last message of the user is the question, what stands before it the conversation. Orders of a system message have
 * no place in answers that are taken from documents.
 * @throws WaymarkError `invalid-input`
 */
export function toQuestion(messages: ChatRequest["messages"]): ChatQuestion {
  const turns = messages.flatMap(({ role, content }, index): (Turn & { index: number })[] =>
    role === "user" || role === "assistant" ? [{ role, content: textOf(content), index }] : [],
  );
  const last = turns.findLast(({ role }) => role === "user");
  const question = last?.content.trim() ?? "";
  if (last === undefined || question === "" || question.length > MAX_QUESTION_LENGTH) {
    const limit = MAX_QUESTION_LENGTH.toLocaleString("en");
    throw new WaymarkError(
      "invalid-input",
      `A message of the user is needed: a text of 1 to ${limit} characters.`,
    );
  }
  const history = turns
    .filter(({ index }) => index < last.index)
    .slice(-MAX_TURNS)
    .map(({ role, content }) => ({ role, content: withoutSources(content).slice(0, MAX_TURN) }));
  return { question, history };
}

function textOf(content: ChatRequest["messages"][number]["content"]): string {
  const text =
    typeof content === "string" ? content : (content ?? []).map((part) => part.text ?? "").join("\n");
  return wellFormed(text);
}

/** An answer of ours comes back with its list of sources, which nobody said. */
function withoutSources(content: string): string {
  const at = content.lastIndexOf(SOURCES);
  return (at < 0 ? content : content.slice(0, at)).replace(/ \[\d+\]/g, "");
}
