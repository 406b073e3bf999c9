// What the assertions themselves defend: each of them can fail.
import type { Expect, Identical, Mutual } from './expect.js'

export type Holds = Expect<{
  identical: Identical<{ readonly a?: 1 }, { readonly a?: 1 }>
  mutual: Mutual<{ readonly a: 1 }, { a: 1 }>
}>

// @ts-expect-error
export type Different = Expect<{ row: Identical<1, 2> }>
// @ts-expect-error
export type Any = Expect<{ row: Identical<1, any> }>
// @ts-expect-error
export type Readonly = Expect<{ row: Identical<{ readonly a: 1 }, { a: 1 }> }>
// @ts-expect-error
export type Optional = Expect<{ row: Identical<{ a?: 1 }, { a: 1 | undefined }> }>
// @ts-expect-error
export type OrUndefined = Expect<{ row: Identical<{ a?: 1 }, { a?: 1 | undefined }> }>
// @ts-expect-error
export type Wider = Expect<{ row: Mutual<1, number> }>
// @ts-expect-error
export type Narrower = Expect<{ row: Mutual<number, 1> }>
