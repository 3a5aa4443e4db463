/** Of things that say the same in the same words, the first alone: of ranked ones, the best. */
export function distinct<Entry extends { textKey: number }>(entries: readonly Entry[]): Entry[] {
  const seen = new Set<number>();
  return entries.filter(({ textKey }) => {
    const isNew = !seen.has(textKey);
    seen.add(textKey);
    return isNew;
  });
}
