import type { Parser, SyntaxNode } from "@lezer/common";
import type { CodeOutline, Comment, Definition, LineRange } from "./code-outline.js";
import { LineIndex } from "./line-index.js";

/** The structure of source code by a Lezer grammar, which makes something of every text, broken code too. */
export function outlineByGrammar(text: string, parser: Parser): CodeOutline {
  const tree = parser.parse(text);
  const index = new LineIndex(text);
  const lines = text.split("\n");
  const depths = new Array<number>(lines.length).fill(Number.POSITIVE_INFINITY);
  let depth = 0;
  tree.iterate({
    enter: ({ name, from }) => {
      depth += 1;
      if (!/^[A-Z]/.test(name)) return;
      const line = index.lineAt(from);
      if (text.slice(index.startOf(line), from).trim() === "")
        depths[line] = Math.min(depths[line] ?? depth, depth);
    },
    leave: () => {
      depth -= 1;
    },
  });
  const outline = new GrammarOutline(text, lines, index);
  outline.visit(tree.topNode, 0);
  return { depths, comments: outline.comments, definitions: outline.definitions };
}

/** Around a definition: what they hold beside it (`export`, decorators, attributes, template parameters) belongs to it. */
const WRAPPERS = new Set("ExportDeclaration DecoratedStatement AttributeItem TemplateDeclaration".split(" "));
/** Definitions with others inside. */
const CONTAINERS = new Set(
  (
    "ClassDeclaration ClassDefinition ClassSpecifier StructSpecifier UnionSpecifier InterfaceDeclaration TraitDeclaration " +
    "EnumDeclaration RecordDeclaration NamespaceDeclaration NamespaceDefinition ImplItem TraitItem ModItem"
  ).split(" "),
);
const BODIES = new Set(
  "ClassBody Body DeclarationList CompoundStatement FieldDeclarationList InterfaceBody EnumBody RecordBody ObjectType Block".split(
    " ",
  ),
);
const OTHERS = new Set(
  (
    "FunctionDeclaration FunctionDefinition FunctionItem FunctionDecl MethodDeclaration MethodDecl MethodType ConstructorDeclaration " +
    "MacroDefinition TypeAliasDeclaration TypeDecl TypeDefinition TypeItem StructItem EnumItem UnionItem EnumSpecifier " +
    "VariableDeclaration PropertyDeclaration ConstItem StaticItem"
  ).split(" "),
);
const NAMES = new Set(
  (
    "VariableDefinition TypeDefinition PropertyDefinition PrivatePropertyDefinition VariableName Definition TypeIdentifier " +
    "BoundIdentifier Identifier ScopedIdentifier Name DefName FieldName FieldIdentifier DestructorName OperatorName " +
    "NamespaceIdentifier ScopedTypeIdentifier QualifiedName"
  ).split(" "),
);
/** Between a C++ function and its name. */
const DECLARATORS = new Set("FunctionDeclarator PointerDeclarator ReferenceDeclarator TypeSpec".split(" "));
const COMMENTS = new Set("LineComment BlockComment Comment".split(" "));
const MAX_DEPTH = 4;

class GrammarOutline {
  readonly comments: Comment[] = [];
  readonly definitions: Definition[] = [];
  readonly #text: string;
  readonly #lines: readonly string[];
  readonly #index: LineIndex;

  constructor(text: string, lines: readonly string[], index: LineIndex) {
    this.#text = text;
    this.#lines = lines;
    this.#index = index;
  }

  /** Looks at what stands directly in `parent`, and in the classes and the like there. */
  visit(parent: SyntaxNode, depth: number): void {
    let first = true;
    for (let node = parent.firstChild; node !== null; node = node.nextSibling) {
      if (COMMENTS.has(node.name)) this.#comment(node);
      else if (first && isDocstring(node, this.#text)) this.#comment(node, { docstring: true });
      else this.#define(node, depth);
      if (/^[A-Z]/.test(node.name) && !COMMENTS.has(node.name)) first = false;
    }
  }

  #define(node: SyntaxNode, depth: number): void {
    const definition = unwrapped(node);
    const isContainer = CONTAINERS.has(definition.name);
    if (!isContainer && !OTHERS.has(definition.name)) return;
    const name = this.#nameOf(definition);
    if (name === undefined) return;
    this.definitions.push({ name, ...this.#linesOf(node) });
    if (definition.name === "FunctionDefinition") this.#docstring(definition);
    if (!isContainer || depth >= MAX_DEPTH) return;
    for (let child = definition.firstChild; child !== null; child = child.nextSibling)
      if (BODIES.has(child.name)) this.visit(child, depth + 1);
  }

  #docstring(definition: SyntaxNode): void {
    for (let node = definition.getChild("Body")?.firstChild ?? null; node !== null; node = node.nextSibling) {
      if (isDocstring(node, this.#text)) this.#comment(node, { docstring: true });
      if (/^[A-Z]/.test(node.name)) return;
    }
  }

  /** A comment counts where its lines hold nothing else. */
  #comment({ from, to }: SyntaxNode, kind: Pick<Comment, "docstring"> = {}): void {
    const range = this.#linesOf({ from, to });
    const start = this.#index.startOf(range.start);
    const last = range.end - 1;
    const end = this.#index.startOf(last) + (this.#lines[last]?.length ?? 0);
    const around = this.#text.slice(start, from) + this.#text.slice(to, Math.max(to, end));
    if (around.trim() === "") this.comments.push({ ...range, ...kind });
  }

  /** A node may end with the line end, which is no line more. */
  #linesOf({ from, to }: { from: number; to: number }): LineRange {
    const end = from + this.#text.slice(from, to).trimEnd().length;
    return { start: this.#index.lineAt(from), end: this.#index.lineAt(end) + 1 };
  }

  #nameOf(node: SyntaxNode): string | undefined {
    if (node.name === "ImplItem")
      return this.#headOf(node).replace(/^(?:unsafe\s+)?impl(?:\s*<[^{]*?>(?=\s))?\s*/, "");
    const name = nameNode(node);
    if (name === undefined) return undefined;
    const text = this.#text.slice(name.from, name.to);
    const receiver =
      node.name === "MethodDecl"
        ? /^func\s*\(\s*(?:\w+\s+)?\*?\s*(\w+)/.exec(this.#headOf(node))?.[1]
        : undefined;
    return receiver === undefined ? text : `${receiver}.${text}`;
  }

  /** From the start to the first brace, on one line. */
  #headOf({ from, to }: SyntaxNode): string {
    return (
      this.#text
        .slice(from, Math.min(to, from + MAX_HEAD))
        .split("{")[0]
        ?.replace(/\s+/g, " ")
        .trim() ?? ""
    );
  }
}

const MAX_HEAD = 300;

function unwrapped(node: SyntaxNode): SyntaxNode {
  let inner = node;
  while (WRAPPERS.has(inner.name)) {
    let child = inner.lastChild;
    while (
      child !== null &&
      !WRAPPERS.has(child.name) &&
      !CONTAINERS.has(child.name) &&
      !OTHERS.has(child.name)
    )
      child = child.prevSibling;
    if (child === null) return inner;
    inner = child;
  }
  return inner;
}

function nameNode(node: SyntaxNode): SyntaxNode | undefined {
  for (let child = node.firstChild; child !== null; child = child.nextSibling) {
    if (NAMES.has(child.name)) return child;
    if (DECLARATORS.has(child.name)) return nameNode(child);
  }
  return undefined;
}

/** A text by itself at the start of a module, class or function of Python. */
function isDocstring(node: SyntaxNode, text: string): boolean {
  return (
    node.name === "ExpressionStatement" && /^[rRuU]?(?:"""|''')/.test(text.slice(node.from, node.from + 4))
  );
}
