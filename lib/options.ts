import { excerpt, invalidArgument } from './errors.js'

/** @throws KplError `ERR_KPL_INVALID_ARGUMENT` */
export function checkOptions(options: unknown): void {
  if (options === null || typeof options !== 'object') invalidArgument(`options must be an object, not ${excerpt(options)}`, options)
}

/** @throws KplError `ERR_KPL_INVALID_ARGUMENT` */
export function checkCallback(name: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'function') invalidArgument(`${name} must be a function, not ${excerpt(value)}`, value)
}

/** @throws KplError `ERR_KPL_INVALID_ARGUMENT` */
export function checkBoolean(name: string, value: unknown): void {
  if (typeof value !== 'boolean') invalidArgument(`${name} must be true or false, not ${excerpt(value)}`, value)
}

/** @throws KplError `ERR_KPL_INVALID_ARGUMENT` */
export function checkChoice(name: string, value: unknown, choices: readonly string[]): void {
  if (!choices.includes(value as string)) invalidArgument(`${name} must be one of '${choices.join("', '")}', not ${excerpt(value)}`, value)
}

/** @throws KplError `ERR_KPL_INVALID_ARGUMENT` unless it is an integer from 1 to `most`. */
export function checkLimit(name: string, value: unknown, most = Number.MAX_SAFE_INTEGER): void {
  if (!Number.isSafeInteger(value) || (value as number) < 1 || (value as number) > most) {
    invalidArgument(`${name} must be an integer from 1 to ${most}, not ${excerpt(value)}`, value)
  }
}
