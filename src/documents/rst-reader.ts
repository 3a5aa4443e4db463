import { type BlockShape, countPrinted, type DocumentBuilder, LINE_BREAK, type Piece } from "./builder.js";
import { divideCode } from "./code-chunks.js";
import { PLAIN_CODE } from "./code-languages.js";
import { outlineByShape } from "./code-shape.js";
import { type Directive, kindOf, labelOf, readDirective } from "./rst-directives.js";
import { inlineText } from "./rst-inline.js";
import { dedented, endOf, isNumbered, NUMBER, type RstLine } from "./rst-lines.js";
import {
  endOfSimpleTable,
  GRID_BORDER,
  type RstRow,
  readCsvTable,
  readGridTable,
  readListTable,
  readSimpleTable,
  SIMPLE_BORDER,
} from "./rst-tables.js";

/** Where lines stand: in a quotation, in an item of a list. */
interface Context {
  nesting: number;
  quoted?: boolean;
  /** The list that is around: its group and how deep it lies. */
  list?: { group: number; depth: number };
  /** Set until the item's first paragraph has come. */
  item?: { ordinal?: number };
  /** Stands before the first paragraph: "Note: ". */
  label?: string;
}

/** Deeper than anything that people write: from there on, words are words. */
const MAX_NESTING = 40;
const ADORNMENT = /^([!-/:-@[-`{-~])\1*$/;
const BULLET = /^([-*+•‣⁃])(?: +|$)/;
/** In a definition: what is no paragraph. */
const NO_PROSE = /^(?:[-*+•] |\.\. )|::$/;
const FIELD = /^:([^:\s](?:[^:]*[^:\s])?):(?: +|$)/;

/** Reads the lines of reStructuredText into blocks. */
export class RstReader {
  readonly #builder: DocumentBuilder;
  readonly #substitutions: ReadonlyMap<string, string>;
  /** How titles are underlined, in the order in which they came. */
  readonly #styles: string[] = [];

  constructor(builder: DocumentBuilder, substitutions: ReadonlyMap<string, string>) {
    this.#builder = builder;
    this.#substitutions = substitutions;
  }

  read(lines: readonly RstLine[], context: Context = { nesting: 0 }): void {
    const state = { ...context };
    let at = 0;
    while (at < lines.length) at = this.#block(lines, at, state);
  }

  /** Reads what begins at the line, and gives the line after it. */
  #block(lines: readonly RstLine[], at: number, context: Context): number {
    const text = lines[at]?.text ?? "";
    if (text === "") return at + 1;
    if (context.nesting > MAX_NESTING) return this.#paragraph(lines, at, context);
    if (/^ /.test(text)) return this.#indented(lines, at, context);
    if (/^\.\.(?: |$)/.test(text)) return this.#explicit(lines, at, context);
    if (/^__ /.test(text)) return at + 1;
    const title = this.#title(lines, at, context);
    if (title !== undefined) return title;
    if (GRID_BORDER.test(text)) {
      const end = endOf(lines, at, (line) => /^[+|]/.test(line));
      return this.#table(readGridTable(lines.slice(at, end)), end);
    }
    if (SIMPLE_BORDER.test(text)) {
      const end = endOfSimpleTable(lines, at);
      return this.#table(readSimpleTable(lines.slice(at, end)), end);
    }
    if (BULLET.test(text) || isNumbered(lines, at)) return this.#list(lines, at, context);
    if (FIELD.test(text)) return this.#fields(lines, at, context);
    if (text.startsWith(">>> "))
      return this.#code(
        lines,
        at,
        endOf(lines, at, (line) => line !== ""),
      );
    if (/^\|(?: |$)/.test(text)) return this.#lineBlock(lines, at, context);
    if (/^ /.test(lines[at + 1]?.text ?? "")) return this.#definitions(lines, at, context);
    return this.#paragraph(lines, at, context);
  }

  #title(lines: readonly RstLine[], at: number, { nesting }: Context): number | undefined {
    const [first = "", second = "", third = ""] = [0, 1, 2].map((offset) => lines[at + offset]?.text);
    const isRule = ADORNMENT.test(first);
    if (isRule && first.length >= 2 && second.trim() !== "" && third === first && !ADORNMENT.test(second)) {
      return this.#heading(lines[at + 1], `${first.charAt(0)} over`, at + 3);
    }
    if (isRule && first.length >= 4 && second === "") return at + 1;
    const isUnderlined =
      ADORNMENT.test(second) &&
      second.length >= Math.min(4, first.length) &&
      first.length <= second.length + 2;
    if (isRule || nesting > 0 || !isUnderlined || second.length < 2) return undefined;
    return this.#heading(lines[at], second.charAt(0), at + 2);
  }

  #heading(line: RstLine | undefined, style: string, next: number): number {
    if (!this.#styles.includes(style)) this.#styles.push(style);
    const level = Math.min(6, this.#styles.indexOf(style) + 1);
    this.#builder.add({ type: "heading", level }, this.#pieces(line === undefined ? [] : [line]));
    return next;
  }

  #indented(lines: readonly RstLine[], at: number, context: Context): number {
    const end = endOf(lines, at, (line) => line === "" || line.startsWith(" "));
    const { item: _, ...around } = context;
    this.read(dedented(lines.slice(at, end)), { ...around, quoted: true, nesting: context.nesting + 1 });
    return end;
  }

  /** `..` begins a directive, a footnote, a target, a substitution or a comment. */
  #explicit(lines: readonly RstLine[], at: number, context: Context): number {
    const { text = "", number = 0 } = lines[at] ?? {};
    const end = endOf(lines, at, (line, index) => index === at || line === "" || line.startsWith(" "));
    const below = dedented(lines.slice(at + 1, end));
    const directive = /^\.\. +([\w:+.-]+?):: *(.*)$/.exec(text);
    const note = /^\.\. +\[[^\]]*\] +(.*)$/.exec(text);
    if (directive !== null) {
      this.#directive(
        readDirective(directive[1]?.toLowerCase() ?? "", directive[2] ?? "", number, below),
        context,
      );
    } else if (note !== null) {
      this.read([{ text: note[1] ?? "", number }, ...below], { nesting: context.nesting + 1 });
    } else if (!/^\.\. +(?:_|\|)/.test(text)) {
      this.#leaveOut([{ text: text.slice(2), number }, ...below]);
    }
    return end;
  }

  #directive({ name, argument, options, content, line }: Directive, context: Context): void {
    const nesting = context.nesting + 1;
    const words =
      argument === "" ? [] : argument.split("\n").map((text, index) => ({ text, number: line + index }));
    switch (kindOf(name)) {
      case "out":
        this.#leaveOut(content);
        break;
      case "code":
        this.#code(name === "math" ? [...words, ...content] : content, 0);
        break;
      case "quote":
        this.read(content, { nesting, quoted: true });
        break;
      case "figure":
        this.#add({ type: "paragraph" }, [{ text: options.get("alt") ?? "", number: line }]);
        this.read(content, { nesting });
        break;
      case "admonition": {
        const version = /^(?:version|deprecated)/.test(name) ? (/^\S*/.exec(argument)?.[0] ?? "") : "";
        const label = `${[labelOf(name), version].join(" ").trim()}: `;
        const [first, ...more] = words;
        const own =
          first === undefined ? [] : [{ ...first, text: first.text.slice(version.length).trim() }, ...more];
        const body = [...own.filter(({ text }) => text !== ""), ...content];
        if (body.every(({ text }) => text === ""))
          this.#add({ type: "paragraph" }, [{ text: label.trim(), number: line }]);
        else this.read(body, { nesting, label });
        break;
      }
      case "titled":
        this.#add({ type: "paragraph" }, words);
        this.read(content, { nesting });
        break;
      case "signature":
        this.#code(words, 0);
        this.read(content, { nesting });
        break;
      case "body":
        if (name === "list-table" || name === "csv-table") {
          this.#add({ type: "paragraph" }, words);
          const heads = Number(options.get("header-rows") ?? 0);
          this.#table(
            name === "list-table"
              ? readListTable(content, heads)
              : readCsvTable(content, heads, options.get("header")),
            0,
          );
        } else {
          this.read(content, { nesting });
        }
    }
  }

  #list(lines: readonly RstLine[], at: number, context: Context): number {
    const { list: outer, nesting } = context;
    const list = {
      group: outer?.group ?? this.#builder.newGroup(),
      depth: outer === undefined ? 0 : outer.depth + 1,
    };
    const bullet = BULLET.exec(lines[at]?.text ?? "")?.[1];
    let next = at;
    let count = 0;
    while (next < lines.length) {
      const text = lines[next]?.text ?? "";
      const marker = bullet === undefined ? isNumbered(lines, next) && NUMBER.exec(text) : BULLET.exec(text);
      if (!marker || (bullet !== undefined && marker[1] !== bullet)) break;
      const width = marker[0].length;
      const end = endOf(lines, next, (line, index) => index === next || line === "" || line.startsWith(" "));
      const own = [
        { text: text.slice(width), number: lines[next]?.number ?? 0 },
        ...dedented(lines.slice(next + 1, end), width),
      ];
      count += 1;
      const given = Number(marker[1] ?? marker[2]);
      const ordinal = bullet === undefined ? { ordinal: Number.isNaN(given) ? count : given } : {};
      this.read(own, { nesting: nesting + 1, list, item: ordinal });
      next = end;
    }
    return next;
  }

  #fields(lines: readonly RstLine[], at: number, context: Context): number {
    const end = endOf(lines, at, (line, index) => index === at || line === "" || line.startsWith(" "));
    const { text = "", number = 0 } = lines[at] ?? {};
    const [marker = "", name = ""] = FIELD.exec(text) ?? [];
    const body = [{ text: text.slice(marker.length), number }, ...dedented(lines.slice(at + 1, end))];
    this.read(body, { nesting: context.nesting + 1, label: `${name}: ` });
    return end;
  }

  #definitions(lines: readonly RstLine[], at: number, { nesting, list: outer }: Context): number {
    const list = outer ?? { group: this.#builder.newGroup(), depth: 0 };
    let next = at;
    do {
      const term = lines[next];
      const end = endOf(lines, next, (line, index) => index === next || line === "" || line.startsWith(" "));
      const body = dedented(lines.slice(next + 1, end));
      const first = body.findIndex(({ text }) => text === "" || NO_PROSE.test(text));
      const head = first === -1 ? body : body.slice(0, first);
      const words = head.length === 0 ? [] : [LINE_BREAK, ...this.#pieces(head)];
      this.#builder.add({ type: "list-item", ...list }, [
        ...this.#pieces(term === undefined ? [] : [term]),
        ...words,
      ]);
      this.read(body.slice(head.length), { nesting: nesting + 1 });
      next = end;
    } while (/^\w/.test(lines[next]?.text ?? "") && /^ /.test(lines[next + 1]?.text ?? ""));
    return next;
  }

  #lineBlock(lines: readonly RstLine[], at: number, context: Context): number {
    const end = endOf(lines, at, (line) => /^\|(?: |$)/.test(line));
    const own = lines.slice(at, end).map(({ text, number }) => ({ text: text.slice(1).trim(), number }));
    this.#builder.add(
      shapeOf(context),
      own.flatMap((line) => [...this.#pieces([line]), LINE_BREAK]),
    );
    return end;
  }

  /** A paragraph that ends in two colons introduces a literal block. */
  #paragraph(lines: readonly RstLine[], at: number, context: Context): number {
    const end = endOf(lines, at, (line) => line !== "");
    const own = lines.slice(at, end);
    const last = own.at(-1);
    const introduces = last?.text.endsWith("::") === true;
    if (introduces && last !== undefined)
      own[own.length - 1] = { ...last, text: last.text.replace(/(?:^|\s+):?:$|:$/, "") };
    const shape = shapeOf(context);
    const label =
      context.label === undefined ? [] : [{ text: context.label, ...(own[0] && { line: own[0].number }) }];
    if (
      this.#builder.add(shape, own.every(({ text }) => text === "") ? [] : [...label, ...this.#pieces(own)])
    ) {
      delete context.item;
      delete context.label;
    }
    if (!introduces) return end;
    const start = endOf(lines, end, (line) => line === "");
    const literal = endOf(lines, start, (line) => line === "" || line.startsWith(" "));
    return literal > start ? this.#code(lines, start, literal) : end;
  }

  #code(lines: readonly RstLine[], start: number, end = lines.length): number {
    const own = dedented(lines.slice(start, end));
    const texts = own.map(({ text }) => text);
    const { depths } = outlineByShape(texts, PLAIN_CODE);
    for (const piece of divideCode(texts, depths, { start: 0, end: own.length })) {
      const text = texts.slice(piece.start, piece.end).join("\n");
      const line = own[piece.start]?.number;
      this.#builder.add({ type: "code" }, [
        { text, verbatim: true, ...(line === undefined ? {} : { line }) },
      ]);
    }
    return end;
  }

  #table(rows: readonly RstRow[], next: number): number {
    const group = this.#builder.newGroup();
    for (const { cells, header } of rows)
      this.#builder.addRow(
        group,
        header,
        cells.map((cell) => this.#pieces(cell)),
      );
    return next;
  }

  #add(shape: BlockShape, lines: readonly RstLine[]): void {
    this.#builder.add(shape, this.#pieces(lines));
  }

  #pieces(lines: readonly RstLine[]): Piece[] {
    const [first] = lines;
    if (first === undefined) return [];
    const text = lines.map((line) => line.text).join("\n");
    return [{ text: inlineText(text, this.#substitutions), line: first.number }];
  }

  #leaveOut(lines: readonly RstLine[]): void {
    for (const { text } of lines) this.#builder.leaveOut(countPrinted(text));
  }
}

function shapeOf({ item, list, quoted = false }: Context): BlockShape {
  if (item !== undefined && list !== undefined) return { type: "list-item", ...list, ...item };
  return { type: quoted ? "quote" : "paragraph" };
}
