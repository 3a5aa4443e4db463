import { byId, el } from "./dom.js";

export interface Composer {
  /** While an answer is on its way the Stop button stands in for Ask. */
  setBusy(busy: boolean): void;
  /** Shows which document alone is asked; undefined: all are. */
  setOnly(title: string | undefined): void;
  focus(): void;
}

export interface ComposerActions {
  /** Called with the trimmed, non-empty question; false when it cannot be taken now, and the field keeps it. */
  send(question: string): boolean;
  stop(): void;
  /** Asks all documents again. */
  clearOnly(): void;
  /** The questions asked so far, oldest first, for recall with the Up key. */
  questions(): string[];
}

/** The field: Enter sends, Shift+Enter breaks the line, Up and Down go through the questions asked, Escape stops. */
export function setUpComposer(actions: ComposerActions): Composer {
  const form = byId("composer", HTMLFormElement);
  const field = byId("question", HTMLTextAreaElement);
  const sendButton = byId("send", HTMLButtonElement);
  const stopButton = byId("stop", HTMLButtonElement);
  const only = byId("only", HTMLParagraphElement);
  /** How many questions back the field shows; 0: what is being typed. */
  let back = 0;

  const setText = (text: string) => {
    field.value = text;
    fitHeight(field);
  };
  const submit = () => {
    const question = field.value.trim();
    if (question === "" || !actions.send(question)) return;
    back = 0;
    setText("");
  };
  const recall = (step: 1 | -1): boolean => {
    const questions = actions.questions();
    const wanted = back + step;
    if (wanted < 0 || wanted > questions.length) return false;
    back = wanted;
    setText(questions.at(-back - (back === 0 ? questions.length + 1 : 0)) ?? "");
    return true;
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  stopButton.addEventListener("click", actions.stop);
  field.addEventListener("input", () => {
    back = 0;
    fitHeight(field);
  });
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const recalling = back > 0 || field.value === "";
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      submit();
    } else if (event.key === "ArrowUp" && recalling && recall(1)) event.preventDefault();
    else if (event.key === "ArrowDown" && back > 0 && recall(-1)) event.preventDefault();
    else if (event.key === "Escape" && !stopButton.hidden) {
      event.stopPropagation();
      actions.stop();
    }
  });

  return {
    setBusy(busy) {
      const held = document.activeElement === sendButton || document.activeElement === stopButton;
      sendButton.hidden = busy;
      stopButton.hidden = !busy;
      if (held) field.focus();
    },
    setOnly(title) {
      only.hidden = title === undefined;
      const clear = el(
        "button",
        { type: "button", class: "quiet", click: actions.clearOnly },
        "Ask all documents",
      );
      only.replaceChildren(el("span", {}, "Asking only ", el("bdi", {}, `“${title ?? ""}”`)), clear);
    },
    focus: () => field.focus(),
  };
}

/** The field grows with its text; the style sheet sets the most. */
function fitHeight(field: HTMLTextAreaElement): void {
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight}px`;
}
