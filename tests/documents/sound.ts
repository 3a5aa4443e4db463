import { expect } from "vitest";
import {
  type Block,
  type Locator,
  locate,
  placeAt,
  type SourceDocument,
} from "../../src/documents/document.js";

/** Asserts all that a document promises whatever it was made from. */
export function expectSound(document: SourceDocument): void {
  const { text, blocks } = document;
  expect(text).not.toMatch(/\0|\p{Surrogate}/u);
  expect(document.title.trim()).not.toBe("");
  expect(document.id).toMatch(/^[a-z0-9-]+$/);
  expect(blocks.length).toBeGreaterThan(0);
  let end = 0;
  for (const block of blocks) {
    expect(block.start).toBeGreaterThanOrEqual(end);
    expect(block.end).toBeLessThanOrEqual(text.length);
    expect(text.slice(block.start, block.end)).toMatch(/\S/);
    if (block.type === "table-row") expectCells(text, block);
    end = block.end;
  }
  expectLocators(document.lines, text.length);
  expectLocators(document.pages, text.length);
  expectPlaces(document);
}

/** Asserts what holds where the parser writes the text: white space, and the right one, between two blocks. */
export function expectSeparated({ text, blocks }: SourceDocument): void {
  expect(text.slice(0, blocks[0]?.start)).toBe("");
  expect(text.slice(blocks.at(-1)?.end)).toBe("");
  for (const [index, block] of blocks.slice(1).entries()) {
    const previous = blocks[index];
    const together =
      block.group !== undefined && previous?.group === block.group && previous.type === block.type;
    expect(text.slice(previous?.end, block.start)).toBe(together ? "\n" : "\n\n");
  }
}

/** `type: text` of each block, with the fields given. */
export function outline({ text, blocks }: SourceDocument, ...fields: (keyof Block)[]): string[] {
  return blocks.map((block) => {
    const values = fields.flatMap((field) =>
      block[field] === undefined ? [] : [`${field} ${block[field]}`],
    );
    return `${[block.type, ...values].join(", ")}: ${text.slice(block.start, block.end)}`;
  });
}

/** The line (or page) of the first place where the words stand. */
export function lineOf({ text, lines }: SourceDocument, words: string): number | undefined {
  expect(text).toContain(words);
  return locate(lines, text.indexOf(words));
}

function expectCells(text: string, { start, end, cells = [] }: Block): void {
  expect(cells.length).toBeGreaterThan(0);
  expect(cells[0]?.start).toBe(start);
  expect(cells.at(-1)?.end).toBe(end);
  expect(cells.map((cell) => text.slice(cell.start, cell.end)).join("\t")).toBe(text.slice(start, end));
}

function expectLocators(locators: readonly Locator[], length: number): void {
  for (const [index, { offset, value }] of locators.entries()) {
    const previous = locators[index - 1] ?? { offset: -1, value: 0 };
    expect(offset).toBeGreaterThan(previous.offset);
    expect(value).toBeGreaterThan(previous.value);
    expect(offset).toBeLessThan(length);
    expect(locate(locators, offset)).toBe(value);
    if (index > 0) expect(locate(locators, offset - 1)).toBe(previous.value);
  }
}

/** Places ascend, are inside the text, differ from their neighbours, and have names of one line. */
function expectPlaces({ text, places }: SourceDocument): void {
  if (places === undefined) return;
  expect(places.length).toBeGreaterThan(0);
  for (const [index, { offset, label }] of places.entries()) {
    const previous = places[index - 1];
    expect(offset).toBeGreaterThan(previous?.offset ?? -1);
    expect(offset).toBeLessThan(text.length);
    expect(label).not.toBe(previous?.label);
    expect(label).toMatch(/^\S(?:[^\n]*\S)?$/);
    expect(label).not.toMatch(/\0|\p{Surrogate}/u);
    expect(placeAt(places, offset)).toBe(label);
    expect(placeAt(places, offset - 1)).toBe(previous?.label);
  }
}

/** The place where a document says some words for the first time; asserts that it says them. */
export function placeOf({ text, places }: SourceDocument, words: string): string | undefined {
  expect(text).toContain(words);
  return placeAt(places, text.indexOf(words));
}
