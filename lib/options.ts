import { check } from './errors.js'

/** Takes an option's value or, where there is none, what stands for it; throws `ERR_KPL_INVALID_ARGUMENT`. */
export type Rule<T> = (value: unknown, name: string) => T

/**
 * The options that there are rules for, each read once.
 *
 * @throws KplError `ERR_KPL_INVALID_ARGUMENT`
 */
export function resolved<T>(options: unknown, rules: { readonly [Name in keyof T]: Rule<T[Name]> }): T {
  check(typeof options === 'object' && options !== null, 'options must be an object', options)
  return Object.fromEntries(Object.entries<Rule<unknown>>(rules).map(([name, rule]) => [name, rule((options as Record<string, unknown>)[name], name)])) as T
}

/** What a rule says in words and as a test, with what stands for a value that is not given. */
export function rule<T>(fallback: T, must: string, isKept: (value: any) => boolean): Rule<T> {
  return (value = fallback, name) => {
    check(isKept(value), `${name} must be ${must}`, value)
    return value as T
  }
}

export function flag(fallback: boolean): Rule<boolean> {
  return rule(fallback, 'true or false', (value) => typeof value === 'boolean')
}

/** One of some texts, the first where there is none. */
export function choice<T extends string>(...choices: [T, ...T[]]): Rule<T> {
  return rule(choices[0], `one of ${choices.join(', ')}`, (value) => choices.includes(value))
}

/** An integer from 1 to `most`. */
export function limit(fallback: number, most = Number.MAX_SAFE_INTEGER): Rule<number> {
  return rule(fallback, `an integer from 1 to ${most}`, (value) => Number.isSafeInteger(value) && value > 0 && value <= most)
}

/** A function, or none. */
export function callback<T extends Function>(): Rule<T | undefined> {
  return rule<T | undefined>(undefined, 'a function', (value) => value === undefined || typeof value === 'function')
}

/** @throws KplError `ERR_KPL_INVALID_ARGUMENT` */
export function checkIterable(name: string, value: unknown): void {
  check(isIterable(value), `${name} must be an iterable`, value)
}

/** Whether a value can be iterated, texts (which would give letters) left aside. */
export function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value !== 'string' && typeof Object(value)[Symbol.iterator] === 'function'
}
