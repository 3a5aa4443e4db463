import type { Citation } from "../answer/answer.js";
import { describeOtherPlace, describePlace, shorten } from "./citations.js";
import { el } from "./dom.js";

/** So long the pointer may be between mark and card before the card goes. */
const GRACE_MS = 200;
const MARGIN = 8;
/** Characters of a quote that a card holds: more than eight lines are not shown. */
const QUOTE_LENGTH = 1500;

/**
 * Shows a small card with quote and heading path while a citation mark inside `root` has the pointer or the focus. The
 * pointer may move onto the card; Escape hides it.
 */
export function watchForCard(root: HTMLElement, find: (mark: HTMLElement) => Citation | undefined): void {
  const card = el("div", { id: "citation-card", class: "card", role: "tooltip", hidden: true });
  document.body.append(card);
  let shownFor: HTMLElement | undefined;
  let leaving: ReturnType<typeof setTimeout> | undefined;

  const show = (event: Event) => {
    const mark = markOf(event);
    const citation = mark && find(mark);
    if (mark === undefined || citation === undefined) return;
    clearTimeout(leaving);
    hide();
    card.replaceChildren(
      el("p", { class: "card-quote", dir: "auto" }, shorten(citation.quote, QUOTE_LENGTH)),
      el(
        "p",
        { class: "card-path" },
        describePlace(citation),
        el("br"),
        el("bdi", {}, shorten(citation.title, 200)),
      ),
      ...alsoIn(citation),
    );
    card.hidden = false;
    shownFor = mark;
    mark.setAttribute("aria-describedby", card.id);
    placeBeside(card, mark);
  };
  const hide = () => {
    card.hidden = true;
    shownFor?.removeAttribute("aria-describedby");
    shownFor = undefined;
  };
  const leave = () => {
    clearTimeout(leaving);
    leaving = setTimeout(hide, GRACE_MS);
  };

  root.addEventListener("pointerover", (event) => {
    if (event.pointerType === "mouse") show(event);
  });
  root.addEventListener("pointerout", (event) => markOf(event) && leave());
  root.addEventListener("focusin", (event) => {
    if (markOf(event)?.matches(":focus-visible")) show(event);
  });
  root.addEventListener("focusout", hide);
  root.addEventListener("click", hide);
  card.addEventListener("pointerenter", () => clearTimeout(leaving));
  card.addEventListener("pointerleave", leave);
  addEventListener("scroll", hide, { passive: true });
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || card.hidden) return;
    event.stopImmediatePropagation();
    hide();
  });
}

function alsoIn({ alsoAt = [] }: Citation): HTMLElement[] {
  if (alsoAt.length === 0) return [];
  const places = alsoAt.map((place) => el("bdi", {}, describeOtherPlace(place)));
  const listed = places.flatMap((place, index) => (index === 0 ? [place] : [", ", place]));
  return [el("p", { class: "card-path" }, "also in ", ...listed)];
}

function markOf(event: Event): HTMLElement | undefined {
  return event.target instanceof Element
    ? (event.target.closest<HTMLElement>(".citation") ?? undefined)
    : undefined;
}

/** Above the mark where there is room, else below; always inside the window. */
function placeBeside(card: HTMLElement, mark: HTMLElement): void {
  const at = mark.getBoundingClientRect();
  const { width, height } = card.getBoundingClientRect();
  const left = Math.min(
    at.left + at.width / 2 - width / 2,
    document.documentElement.clientWidth - width - MARGIN,
  );
  const above = at.top - height - MARGIN;
  card.style.left = `${Math.max(MARGIN, left)}px`;
  card.style.top = `${above >= MARGIN ? above : at.bottom + MARGIN}px`;
}
