import { InvalidArgumentError } from "commander";

/** Reads a whole number of at least `least` from an option, for commander. */
export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (value.trim() !== "" && Number.isInteger(number) && number >= least && number <= most) return number;
    const range = most === Number.MAX_SAFE_INTEGER ? `from ${least}` : `from ${least} to ${most}`;
    throw new InvalidArgumentError(`Give a whole number ${range}.`);
  };
}

/** Collects an option that may be given several times, for commander. */
export function collect(value: string, before: readonly string[] = []): string[] {
  return [...before, value];
}
