import type { Surroundings } from './command.js'
import { type Paint, paintFor } from './paint.js'
import { type Place, named } from './place.js'
import { cut, grouped, visible } from './text.js'

/** So many lines of a file with the same fault, one after the other, are told one by one; from there on they are counted. */
const MOST_ALIKE = 10

/** Standard error: one line for each thing that is wrong, and below them perhaps a line of progress. */
export class Messages {
  /** How many things were wrong: the exit code tells whether there were any. */
  failures = 0
  readonly #stream: Surroundings['stderr']
  readonly #paint: Paint
  #status = ''
  /** What was wrong or odd last, and how often there was the same in its file before it. */
  #last: { readonly colour: 'red' | 'yellow'; readonly place: Place | undefined; readonly reason: string } | undefined
  #alike = 0

  constructor({ stderr, env }: Pick<Surroundings, 'stderr' | 'env'>) {
    this.#stream = stderr
    this.#paint = paintFor(stderr, env)
    // Nobody reads it: there is nobody to tell that, either.
    stderr.on('error', () => {})
  }

  /** Something is wrong, and goes into the exit code. */
  fail(place: Place | undefined, reason: string): void {
    this.failures++
    this.#tell('red', place, reason)
  }

  /** Something is odd. */
  note(place: Place | undefined, reason: string): void {
    this.#tell('yellow', place, reason)
  }

  /** Tells how many of the last ones were not told one by one. */
  end(): void {
    const more = this.#alike - MOST_ALIKE
    if (more > 0) this.#line(this.#last!.colour, this.#last!.place, `${grouped(more)} more up to here: ${this.#last!.reason}`)
    this.#alike = 0
  }

  /** Shows a line that the next one takes the place of; `''` takes it away. */
  status(text: string): void {
    if (text === '' && this.#status === '') return
    this.#status = text
    this.#stream.write(`\r${cut(text, (this.#stream.columns ?? 80) - 1)}\x1b[K`)
  }

  #tell(colour: 'red' | 'yellow', place: Place | undefined, reason: string): void {
    const last = this.#last
    if (place?.line === undefined || place.file !== last?.place?.file || reason !== last.reason) this.end()
    this.#last = { colour, place, reason }
    if (++this.#alike <= MOST_ALIKE) this.#line(colour, place, reason)
  }

  #line(colour: 'red' | 'yellow', place: Place | undefined, reason: string): void {
    const status = this.#status
    this.status('')
    const where = place === undefined ? '' : `${named(place)}: `
    this.#stream.write(`${this.#paint(colour, 'kpl-codec:')} ${visible(where + reason)}\n`)
    if (status !== '') this.status(status)
  }
}
