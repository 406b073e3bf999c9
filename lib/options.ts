import { check } from './errors.js'

/** @throws KplError `ERR_KPL_INVALID_ARGUMENT` */
export function checkOptions(options: unknown): void {
  check(typeof options === 'object' && options !== null, 'options must be an object', options)
}

/** @throws KplError `ERR_KPL_INVALID_ARGUMENT` */
export function checkCallback(name: string, value: unknown): void {
  check(value === undefined || typeof value === 'function', `${name} must be a function`, value)
}

/** @throws KplError `ERR_KPL_INVALID_ARGUMENT` */
export function checkBoolean(name: string, value: unknown): void {
  check(typeof value === 'boolean', `${name} must be true or false`, value)
}

/** @throws KplError `ERR_KPL_INVALID_ARGUMENT` */
export function checkChoice(name: string, value: unknown, ...choices: unknown[]): void {
  check(choices.includes(value), `${name} must be one of ${choices.join(', ')}`, value)
}

/** @throws KplError `ERR_KPL_INVALID_ARGUMENT` unless it is an integer from 1 to `most`. */
export function checkLimit(name: string, value: number, most = Number.MAX_SAFE_INTEGER): void {
  check(Number.isSafeInteger(value) && value > 0 && value <= most, `${name} must be an integer from 1 to ${most}`, value)
}

/** The members of an object that are not `undefined`. */
export function withoutUndefined<T extends object>(object: T): T {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T
}

/** @throws KplError `ERR_KPL_INVALID_ARGUMENT` */
export function checkIterable(name: string, value: unknown): void {
  check(isIterable(value), `${name} must be an iterable`, value)
}

/** Whether a value can be iterated, texts (which would give letters) left aside. */
export function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value !== 'string' && typeof Object(value)[Symbol.iterator] === 'function'
}
