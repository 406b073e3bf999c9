// Stands between a client and the server, and answers some requests as the service does on a bad day.
import { once } from 'node:events'
import { type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse, createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'

/** An entry as it came over the wire, and what became of it. */
export interface WireEntry {
  /** Its data and keys, as JSON. */
  readonly bytes: string
  readonly isRefused: boolean
}

interface Answer {
  readonly status: number
  readonly headers: OutgoingHttpHeaders
  readonly body: string
}

/** What goes wrong: PutRecords requests and their entries are told by their number, from 0. */
export interface BadDay {
  /** Something that happens before a request is carried out. */
  beforePut?(request: number): Promise<void> | undefined
  /** Entries that there is no room for. */
  isThrottled?(request: number, entry: number): boolean
  /** Requests that are refused whole. */
  isRefused?(request: number): boolean
  /** Requests that are carried out, with an answer that never arrives. */
  isAnswerLost?(request: number): boolean
  /** Whether ListShards answers as it did the last time. */
  isListOld?(): boolean
}

const THROTTLED = { ErrorCode: 'ProvisionedThroughputExceededException', ErrorMessage: 'Rate exceeded for shard' }
const REFUSED: Answer = {
  status: 400,
  headers: { 'content-type': 'application/x-amz-json-1.1' },
  body: JSON.stringify({ __type: THROTTLED.ErrorCode, message: 'Rate exceeded for stream' }),
}

export class Proxy {
  readonly #to: number
  readonly #badDay: BadDay
  readonly #server = createServer((message, response) => void this.#serve(message, response))
  readonly puts: WireEntry[][] = []
  #list: Answer | undefined

  private constructor(to: number, badDay: BadDay) {
    this.#to = to
    this.#badDay = badDay
  }

  static async start(to: number, badDay: BadDay): Promise<Proxy> {
    const proxy = new Proxy(to, badDay)
    await once(proxy.#server.listen(0, '127.0.0.1'), 'listening')
    return proxy
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  stop(): void {
    this.#server.close()
    this.#server.closeAllConnections()
  }

  async #serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const body = Buffer.concat(await message.toArray()).toString()
      const action = String(message.headers['x-amz-target']).split('.')[1]
      const pass = (body: string) => forward(this.#to, message, body)
      const answer = action === 'PutRecords' ? await this.#put(body, pass) : action === 'ListShards' ? await this.#shards(body, pass) : await pass(body)
      if (answer === undefined) return void response.destroy()
      response.writeHead(answer.status, { ...answer.headers, 'content-length': Buffer.byteLength(answer.body) }).end(answer.body)
    } catch {
      // The client sees a broken connection, as it would without a proxy.
      response.destroy()
    }
  }

  async #shards(body: string, pass: (body: string) => Promise<Answer>): Promise<Answer> {
    if (this.#list === undefined || this.#badDay.isListOld?.() !== true) this.#list = await pass(body)
    return this.#list
  }

  async #put(body: string, pass: (body: string) => Promise<Answer>): Promise<Answer | undefined> {
    const { beforePut, isThrottled, isRefused, isAnswerLost } = this.#badDay
    const { Records, ...rest } = JSON.parse(body) as { Records: unknown[] }
    const request = this.puts.length
    const isWhole = isRefused?.(request) === true
    const refused = Records.map((_, entry) => isWhole || isThrottled?.(request, entry) === true)
    this.puts.push(Records.map((entry, n) => ({ bytes: JSON.stringify(entry), isRefused: refused[n]! })))
    await beforePut?.(request)
    if (isWhole) return REFUSED
    const taken = Records.filter((_, n) => !refused[n])
    const answer = taken.length === 0 ? { status: 200, headers: {}, body: '{"Records":[]}' } : await pass(JSON.stringify({ ...rest, Records: taken }))
    if (isAnswerLost?.(request) === true) return undefined
    if (answer.status !== 200) return answer
    const replies = (JSON.parse(answer.body) as { Records: { ErrorCode?: string }[] }).Records.values()
    const all = refused.map((isRefused) => (isRefused ? THROTTLED : replies.next().value!))
    return { ...answer, body: JSON.stringify({ FailedRecordCount: all.filter(({ ErrorCode }) => ErrorCode).length, Records: all }) }
  }
}

async function forward(port: number, { method, url, headers }: IncomingMessage, body: string): Promise<Answer> {
  const onward = request({ host: '127.0.0.1', port, method, path: url, headers: { ...headers, 'content-length': Buffer.byteLength(body) } })
  onward.end(body)
  const [reply] = (await once(onward, 'response')) as [IncomingMessage]
  return { status: reply.statusCode!, headers: reply.headers, body: Buffer.concat(await reply.toArray()).toString() }
}
