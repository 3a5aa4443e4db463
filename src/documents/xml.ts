/// <reference path="./saxen.d.ts" />
import { Parser } from "saxen";

/** An element with its name as it stands without its prefix; `text` is what stands in it directly. */
export interface XmlElement {
  name: string;
  /** By the names as they stand, prefixes included; references are resolved. */
  attributes: Record<string, string>;
  children: XmlElement[];
  text: string;
}

/** What is called, in the document's order, while XML is read. Names are without prefixes. */
export interface XmlEvents {
  open?(name: string, attributes: () => Record<string, string>): void;
  close?(name: string): void;
  text?(text: string): void;
}

/**
 * Reads XML event by event: for parts that are too large for a tree. Entities that a document type defines are left as
 * they stand, so none can grow.
 * @throws Error where it is not well-formed
 */
export function readXml(xml: string, { open, close, text }: XmlEvents): void {
  const parser = new Parser();
  if (open !== undefined) {
    parser.on("openTag", (name, attributes, decode) =>
      open(localName(name), () => {
        const values = attributes();
        for (const key in values) values[key] = decode(values[key] ?? "");
        return values;
      }),
    );
  }
  if (close !== undefined) parser.on("closeTag", (name) => close(localName(name)));
  if (text !== undefined) {
    parser.on("text", (value, decode) => text(decode(value)));
    parser.on("cdata", text);
  }
  parser.on("error", ({ message }) => {
    throw new Error(`Its XML is damaged: ${message}`);
  });
  parser.parse(xml);
}

/**
 * Reads XML into a tree.
 * @throws Error where it is not well-formed
 */
export function parseXml(xml: string): XmlElement {
  const root: XmlElement = { name: "", attributes: {}, children: [], text: "" };
  const stack = [root];
  readXml(xml, {
    open(name, attributes) {
      const element = { name, attributes: attributes(), children: [], text: "" };
      stack.at(-1)?.children.push(element);
      stack.push(element);
    },
    close() {
      stack.pop();
    },
    text(text) {
      const element = stack.at(-1);
      if (element !== undefined) element.text += text;
    },
  });
  const [element] = root.children;
  if (element === undefined) throw new Error("Its XML is damaged: there is no element");
  return element;
}

/** The first child with this name, and so on down the path. */
export function childAt(element: XmlElement | undefined, ...path: string[]): XmlElement | undefined {
  return path.reduce<XmlElement | undefined>(
    (at, name) => at?.children.find((child) => child.name === name),
    element,
  );
}

/** The children with this name. */
export function childrenOf(element: XmlElement | undefined, name: string): XmlElement[] {
  return element?.children.filter((child) => child.name === name) ?? [];
}

/** The elements below with this name, in the document's order. It does not recurse. */
export function descendantsOf(element: XmlElement | undefined, name: string): XmlElement[] {
  const found: XmlElement[] = [];
  const stack = element === undefined ? [] : element.children.toReversed();
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    if (at.name === name) found.push(at);
    for (const child of at.children.toReversed()) stack.push(child);
  }
  return found;
}

function localName(name: string): string {
  return name.slice(name.indexOf(":") + 1);
}
