// How types are asserted: in a table, so that the compiler's message names the row.

/** Every row must be `true`. */
export type Expect<Rows extends { [Row in keyof Rows]: true }> = Rows

/** The same type: `any`, `readonly`, optional and `| undefined` all count. */
export type Identical<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false

/** Each can stand for the other. For what holds a class, whose `#private` members the contract cannot name. */
export type Mutual<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false

/** An object type member by member, so that two types made differently are identical if their members are. */
export type Flat<T> = { [K in keyof T]: T[K] }
