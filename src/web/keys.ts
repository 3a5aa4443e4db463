import { keep, kept } from "./browser-storage.js";
import { byId, el } from "./dom.js";

/** A key that works wherever the focus is, but for fields. */
export interface PageKey {
  key: string;
  does: string;
  act(): void;
}

/** Keys that only work in one place; they are listed with the others. */
const LOCAL_KEYS: readonly (readonly [keys: readonly string[], does: string])[] = [
  [["Enter"], "Ask"],
  [["Shift", "Enter"], "Start a new line in the question"],
  [["↑"], "In the empty field: the questions asked before"],
  [["Esc"], "Stop the answer; close what is open"],
];

const OFF = "waymark.single-keys-off";

/**
 * Listens to single keys, and lists all keys in a dialog. Single keys can be switched off there, as WCAG 2.1.4 asks:
 * to who speaks to their computer they are noise.
 */
export function setUpKeys(keys: readonly PageKey[]): void {
  const dialog = byId("keys", HTMLDialogElement);
  const opener = byId("show-keys", HTMLButtonElement);
  const choice = byId("single-keys", HTMLInputElement);
  const open = () => dialog.showModal();
  const all: PageKey[] = [...keys, { key: "?", does: "Show these keys", act: open }];
  byId("key-list", HTMLDListElement).append(
    ...LOCAL_KEYS.flatMap(([names, does]) => entry(names, does)),
    ...all.flatMap(({ key, does }) => entry([key.toUpperCase()], does)),
  );
  choice.checked = kept(OFF) === undefined;
  choice.addEventListener("change", () => keep(OFF, choice.checked ? undefined : "1"));
  opener.addEventListener("click", open);
  addEventListener("keydown", (event) => {
    if (!choice.checked || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (dialog.open || isField(event.target)) return;
    const found = all.find(({ key }) => key === event.key.toLowerCase());
    if (found === undefined) return;
    event.preventDefault();
    found.act();
  });
}

function entry(names: readonly string[], does: string): HTMLElement[] {
  const keys = names.flatMap((name, i) => [i > 0 ? " + " : undefined, el("kbd", {}, name)]);
  return [el("dt", {}, ...keys), el("dd", {}, does)];
}

function isField(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("input:not([type=checkbox]), textarea, select") !== null;
}
