/** Until the reader clears it, or until the tab is closed. */
export type Keeping = "browser" | "tab";

/** What is kept under a key; undefined where there is nothing, or where the browser keeps nothing (private window). */
export function kept(key: string, where: Keeping = "browser"): string | undefined {
  try {
    return storage(where).getItem(key) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Keeps a value, or forgets it. False where the browser refuses: it is full, or keeps nothing. */
export function keep(key: string, value: string | undefined, where: Keeping = "browser"): boolean {
  try {
    if (value === undefined) storage(where).removeItem(key);
    else storage(where).setItem(key, value);
    return true;
  } catch {
    return false;
  }
}

/** @throws DOMException where the reader has blocked it */
function storage(where: Keeping): Storage {
  return where === "tab" ? sessionStorage : localStorage;
}
