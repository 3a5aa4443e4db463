/** `1 document, 40 passages`. */
export function formatCounts({ documents, passages }: { documents: number; passages: number }): string {
  return `${count(documents, "document")}, ${count(passages, "passage")}`;
}

/** `1 passage`, `2 passages`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
