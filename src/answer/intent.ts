/** What a person's input is, as far as its words show it without looking at any document. */
export type Intent =
  /** Something to look up; `question` is the input without orders to the assistant. */
  | { kind: "question"; question: string }
  /** A greeting, thanks or farewell. */
  | { kind: "small-talk" }
  /** An order to the assistant that no document can answer: play a role, write a poem, forget the rules. */
  | { kind: "order" }
  /** Nothing that could be searched for: white space, punctuation, emoji. */
  | { kind: "empty" };

/**
 * Tells questions from greetings, orders and empty input. Where an input holds both a question and orders, the orders
 * are left out and the question remains: documents are asked, nobody is obeyed.
 */
export function recogniseIntent(input: string): Intent {
  const text = input.replace(/\s+/g, " ").trim();
  if (!/[\p{L}\p{N}]/u.test(text)) return { kind: "empty" };
  if (SMALL_TALK.test(text)) return { kind: "small-talk" };
  const clauses = text.split(
    /(?<=[.!?;…])\s+|\s+(?=(?:and|then|but|now)\s+(?:ignore|disregard|forget|pretend)\b)/iu,
  );
  const kept = clauses.filter((clause) => !isOrder(clause));
  const question = kept.join(" ").trim();
  if (kept.length < clauses.length && !/[\p{L}\p{N}]{2,}/u.test(question)) return { kind: "order" };
  return SMALL_TALK.test(question) ? { kind: "small-talk" } : { kind: "question", question };
}

const SMALL_TALK = new RegExp(
  `^(?:${[
    "(?:oh )?(?:hi|hello|hey|hiya|howdy|yo|greetings|hallo|hola|bonjour)(?: there| you| all| everyone| waymark| bot)?",
    "good (?:morning|afternoon|evening|night|day)",
    "how are you(?: doing)?(?: today)?",
    "what'?s up",
    "(?:ok(?:ay)?|great|cool|nice|perfect|awesome|got it)",
    "(?:ok(?:ay)? |great |cool |many |that'?s )?(?:thanks?|thank you|thx|cheers|ty)(?: you)?(?: so much| a lot| very much| again)?(?: for .*)?",
    "(?:good ?bye|bye|see you(?: later)?|see ya|cya)(?: bye)?",
    "nice to meet you",
    "who are you|what are you|what can you do|are you (?:a |an )?(?:bot|human|robot|ai|real)(?: person)?",
  ].join(
    "|",
  )})(?:[\\s,!.?]+(?:how are you(?: doing)?(?: today)?|hi|hello|there|thanks|thank you|friend|mate))*[\\s!.?)(:;]*$`,
  "iu",
);

/** Openings and phrases that address the assistant's conduct or ask for text to be made up. */
const ORDERS: RegExp[] = [
  /\b(?:ignore|disregard|forget|override|bypass)\b.{0,40}\b(?:instructions?|rules?|prompts?|guidelines|above|previous|prior|everything|context|documents?|article|sources?)\b/iu,
  /\b(?:reveal|show|print|repeat|output|display|leak|tell me)\b.{0,30}\b(?:system prompt|your (?:initial |hidden |secret )?(?:prompt|instructions?|rules))\b/iu,
  /^\W*(?:please |now |then |and |so |instead,? )*(?:pretend|role-?play|act as|act like|imagine you(?:'re| are)|you are now|from now on|you must|you will now|you have to (?:say|answer|reply|respond))\b/iu,
  /^\W*(?:please |now |then |and |just |instead,? |can you |could you |would you |will you )*(?:write|compose|draft|generate|create|invent|make up|sing|rewrite|translate|paraphrase)\b(?!.*\?$.*\b(?:should|do|does)\b)/iu,
  /^\W*(?:please |now |then |and |just |instead,? )*(?:say|respond|reply|answer|output|print|echo|repeat)\b\s*(?:only|just|exactly|with|after me|back|in|as|the (?:word|phrase|following)|["'“‘])/iu,
  /\btell (?:me|us) a (?:joke|story|poem|riddle|fun fact)\b/iu,
  /\b(?:respond|reply|answer|speak|talk) (?:only |just |exclusively )?(?:in|with|like|as if|as a) (?:\w+ )?(?:rhymes?|pirate|json|base64|emojis?|haiku|caps|french|german|spanish|yes or no)\b/iu,
];

function isOrder(clause: string): boolean {
  return ORDERS.some((pattern) => pattern.test(clause));
}
