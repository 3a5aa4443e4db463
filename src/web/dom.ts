type Listener = (event: Event) => void;
type Property = string | number | boolean | undefined | Listener;
type Child = Node | string | undefined;

/**
 * Makes an element. Properties are attributes (`true` gives an empty one, `false` and undefined none); a function is a
 * listener for the event that its name gives. String children become text, never markup.
 */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Record<string, Property> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== undefined && value !== false) element.setAttribute(name, String(value));
  }
  element.append(...children.filter((child) => child !== undefined));
  return element;
}

/** The element of index.html with this id. @throws Error where the page lacks it. */
export function byId<T extends HTMLElement>(id: string, type: new () => T): T {
  const element = document.getElementById(id);
  if (!(element instanceof type)) throw new Error(`index.html has no <${type.name}> "${id}".`);
  return element;
}

/** How to scroll: at once where the reader asked for less motion. */
export function scrollBehavior(): ScrollBehavior {
  return matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
}
