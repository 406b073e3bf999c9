// A program in a process of its own that takes its turns: it answers line by line, and times itself.
import { type ChildProcess, spawn } from 'node:child_process'
import { type Interface, createInterface } from 'node:readline'
import type { Time } from './ways/way.js'

/**
 * For glibc's malloc: to give no memory back to the system. It does when much is freed at once, as by the collection before
 * each sample, and every page of the next pass then costs a fault: of 40,000-byte records 2.8 to 3.5 ms a pass for writing,
 * not 1.4 to 1.9. In a program that just runs there are few of these.
 */
const ENVIRONMENT = { ...process.env, MALLOC_TRIM_THRESHOLD_: String(2 ** 28), MALLOC_MMAP_THRESHOLD_: String(2 ** 25) }

const running = new Set<LineProcess>()

/** They would keep this process alive. */
export function stopAll(): void {
  for (const each of running) each.stop()
}

export class LineProcess {
  readonly #process: ChildProcess
  readonly #lines: Interface
  readonly #answers: AsyncIterator<string>

  constructor([command, ...args]: readonly string[], errors: 'ignore' | 'inherit') {
    this.#process = spawn(command!, args, { stdio: ['pipe', 'pipe', errors], env: ENVIRONMENT })
    // That it is not there, or no more, shows where it does not answer.
    this.#process.on('error', () => {})
    this.#process.stdin!.on('error', () => {})
    this.#lines = createInterface(this.#process.stdout!)
    this.#answers = this.#lines[Symbol.asyncIterator]()
    running.add(this)
  }

  /** Its answer, `ok` or `error` before it. */
  async ask(line: string): Promise<string> {
    this.#process.stdin!.write(`${line}\n`)
    const { value, done } = await this.#answers.next()
    if (done) throw new Error('its process has ended')
    const [, verdict, answer] = /^(ok|error) ?(.*)$/.exec(value) ?? []
    if (verdict !== 'ok') throw new Error(answer ?? `it answers ${value}`)
    return answer!
  }

  /** It answers the nanoseconds by the clock, those of the CPU, and the bytes touched in a pass. */
  async time(line: string): Promise<Time & { readonly touched: number }> {
    const [wall, cpu, touched] = (await this.ask(line)).split(' ').map(Number) as [number, number, number]
    return { wall: wall / 1e6, cpu: cpu / 1e6, touched }
  }

  stop(): void {
    this.#lines.close()
    this.#process.stdin!.end()
    running.delete(this)
  }
}
