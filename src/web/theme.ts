import { keep, kept } from "./browser-storage.js";

/** How light the page is: as the system says, or as the reader chose. */
export type Theme = "system" | "light" | "dark";

const KEY = "waymark.theme";

/** The theme that was chosen in this browser. */
export function chosenTheme(): Theme {
  const stored = kept(KEY);
  return stored === "light" || stored === "dark" ? stored : "system";
}

/** Shows the page in a theme; the style sheet goes by the attribute. */
export function applyTheme(theme: Theme): void {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

/** Makes a `<select>` the switch: the choice holds at once, and at the next visit. */
export function setUpThemeSwitch(select: HTMLSelectElement): void {
  select.value = chosenTheme();
  select.addEventListener("change", () => {
    keep(KEY, select.value === "system" ? undefined : select.value);
    applyTheme(chosenTheme());
  });
}
