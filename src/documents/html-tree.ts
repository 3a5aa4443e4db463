import type { DefaultTreeAdapterTypes as Tree } from "parse5";

/** A question about an element: is it to be skipped, is it the one looked for. */
export type Test = (element: Tree.Element) => boolean;

/** All nodes below `root` in reading order, without those that `skip` leaves out. It does not recurse. */
export function* walk(root: Tree.ParentNode, skip: Test = () => false): Generator<Tree.ChildNode> {
  const stack = root.childNodes.toReversed();
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (isElement(node) && skip(node)) continue;
    yield node;
    if (isElement(node)) for (const child of node.childNodes.toReversed()) stack.push(child);
  }
}

/** The elements below `root` that match, in reading order. */
export function findAll(root: Tree.ParentNode, matches: Test, skip?: Test): Tree.Element[] {
  return [...walk(root, skip)].filter(isElement).filter(matches);
}

/** The text below `root`, joined by nothing. */
export function textOf(root: Tree.ParentNode, skip?: Test): string {
  return [...walk(root, skip)].map((node) => (isText(node) ? node.value : "")).join("");
}

export function isElement(node: Tree.Node): node is Tree.Element {
  return "tagName" in node;
}

export function isText(node: Tree.Node): node is Tree.TextNode {
  return node.nodeName === "#text";
}

/** An attribute's value, or undefined. */
export function attribute(element: Tree.Element, name: string): string | undefined {
  return element.attrs.find((candidate) => candidate.name === name)?.value;
}

/** True for h1 to h6. */
export const isHeading: Test = ({ tagName }) => /^h[1-6]$/.test(tagName);

/** Makes another kind of element of it. */
export function rename(element: Tree.Element, tagName: string): void {
  element.tagName = tagName;
  element.nodeName = tagName;
}
