/** What kind of thing a question asks for, where its words say so. */
export type AnswerType = "person" | "money" | "time" | "number";

/**
 * Recognises the kind of answer that a question expects, as question answering has done since Li and Roth, "Learning
 * Question Classifiers" (COLING 2002); only kinds that leave a mark in the text which an answer cannot do without.
 */
export function expectedAnswerType(question: string): AnswerType | undefined {
  return TYPES.find(({ asks }) => asks.test(question))?.type;
}

/**
 * Whether a text holds something of the kind. Of the questions with such a kind, what was chosen lacked it in 9 of 52
 * that the text does not answer and in 1 of 41 that it does (roadmap tune and ClapNQ).
 */
export function holdsAnswerType(text: string, type: AnswerType): boolean {
  return TYPES.some((entry) => entry.type === type && entry.holds.test(text));
}

const NUMBER_WORD =
  "\\d|\\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|seventeen|twenty|thirty|forty|fifty|sixty|hundred|hundreds|thousand|thousands|million|millions|once|twice|half|dozen|dozens|couple|few|several|many|most|all|both|none|no|every|single)\\b";

const TYPES: { type: AnswerType; asks: RegExp; holds: RegExp }[] = [
  {
    type: "money",
    asks: /\bhow much\b.*\b(?:costs?|pay|paid|pays|earn|earns|charge[sd]?|spend|money|make|worth)\b|\b(?:price|prices|priced|pricing|salary|salaries|wages?|fees?|tuition|budget)\b|\bwhat (?:does|do|did|will|would) .*\bcost\b|\bcosts?\b[^?]*\?*$/iu,
    // A sum, or that there is none to pay: to name something "free" in passing does not tell what another thing costs.
    holds:
      /[$€£¥₹]|\b(?:dollars?|euros?|pounds?|usd|eur|gbp|cents?)\b|\b(?:is|are|was|were|be|been|it['’]s|they['’]re)(?: \p{L}+)? free\b|\bfree of charge\b|\bfor free\b|\bcosts? nothing\b|\bno (?:fee|charge|cost)\b|\b(?:prices?|priced|costs?|fees?|salary|salaries|wages?|paid|pays?)\b[^.]{0,40}\d/iu,
  },
  {
    type: "person",
    asks: /^\W*(?:(?:so|and|but|ok|hey)\W+)*(?:who|who's|whos)\s+(?:is|was|are|were|wrote|made|founded|created|invented|teaches|taught|runs|owns|built|developed|discovered|designed|played|sang|won|directed|composed|painted|published|started)\b|\bname of the (?:author|writer|founder|creator|owner|person|teacher|director|singer|actor)\b|\b(?:author|writer|founder|creator)(?:'s|’s)? name\b/iu,
    // A capital that does not merely begin the sentence; or words for people.
    holds:
      /(?<=[\p{L}\p{N},;:)”’'"-]\s+["“‘(]?)\p{Lu}|\b(?:people|person|someone|anyone|everyone|those|they|ones|men|women|members?|team|staff|professionals?|practitioners?|beginners?|learners?|students?)\b/u,
  },
  {
    type: "time",
    asks: /^\W*(?:(?:so|and|but|ok|hey|by|until|till|from|since)\W+)*when\b|\bhow (?:long|soon|quickly|often)\b|\b(?:which|what) (?:year|month|months|date|day|days|week|weeks|time|quarter|decade|century)\b/iu,
    holds: new RegExp(
      `${NUMBER_WORD}|\\b(?:january|february|march|april|may|june|july|august|september|october|november|december|monday|tuesday|wednesday|thursday|friday|saturday|sunday|spring|summer|autumn|fall|winter|today|tomorrow|yesterday|now|year|years|month|months|week|weeks|day|days|hour|hours|daily|weekly|monthly|yearly|always|never|first|before|after|until|once|when|while|during|early|late|soon|ongoing|time)\\b`,
      "iu",
    ),
  },
  { type: "number", asks: /\bhow many\b/iu, holds: new RegExp(NUMBER_WORD, "iu") },
];
