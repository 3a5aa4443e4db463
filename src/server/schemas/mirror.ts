import type { z } from "@hono/zod-openapi";

/**
 * Holds a schema to a TypeScript type: does not compile unless both have the same properties of the same types, so
 * that what the HTTP layer publishes cannot drift from what the library returns.
 *
 * @example
 * ```ts
 * const rangeSchema = mirrors<Range>()(z.object({ start: z.int(), end: z.int() }));
 * ```
 */
export function mirrors<T>() {
  return <S extends z.ZodType>(
    schema: S &
      (Same<Plain<z.infer<S>>, Plain<T>> extends true ? unknown : "the schema differs from its type"),
  ): S => schema;
}

/** Identity of types, optional modifiers included: two generic functions are assignable only where it holds. */
type Same<A, B> = (<X>() => X extends A ? 1 : 2) extends <X>() => X extends B ? 1 : 2 ? true : false;

/** Intersections flattened, arrays writable, and `key?: T | undefined` (zod's optional) the same as `key?: T`. */
type Plain<T> = T extends readonly (infer Item)[]
  ? Plain<Item>[]
  : T extends object
    ? { [Key in keyof T]: Plain<Exclude<T[Key], undefined>> }
    : T;
