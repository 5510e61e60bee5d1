/** What a link in a letter or an invitation is good for: once, for a time, and found by a keyed hash of its token alone. */
import { createHmac } from 'node:crypto'
import { z } from 'zod'
import type { Clock } from '../../clock.ts'
import type { Shelves } from '../../storage/state/shelves.ts'

export interface TicketParts {
  readonly shelves: Shelves
  readonly clock: Clock
  readonly random: (octets: number) => Buffer
  /** The same after a restart, or no ticket is good any more. */
  readonly secret: Buffer
}

/** A kind of ticket, and what one holds. */
export interface TicketKind<T> {
  readonly name: string
  readonly holds: z.ZodType<T>
}

/** What becomes of a ticket that was used: `keep` leaves it for another try, a value stands in its place. */
export interface Use<T, R> {
  readonly result: R
  readonly ticket: 'spent' | 'keep' | { readonly holds: T }
}

const owner = 'web'
const prefix = 'ticket:'
const ticketSchema = z.object({ kind: z.string(), until: z.number(), holds: z.unknown() })

export class Tickets {
  readonly #parts: TicketParts
  /** What is under way for each. */
  readonly #busy = new Map<string, Promise<unknown>>()

  constructor(parts: TicketParts) {
    this.#parts = parts
  }

  /** The token of a new ticket; durable. */
  async issue<T>({ name }: TicketKind<T>, holds: T, seconds: number): Promise<string> {
    const token = this.#parts.random(18).toString('base64url')
    await this.#write(this.idOf(token), { kind: name, until: this.#until(seconds), holds })
    return token
  }

  /** What it holds; undefined where it is none of this kind, was used up, or is too old. */
  look<T>(kind: TicketKind<T>, token: string): Promise<T | undefined> {
    return this.#read(kind, this.idOf(token))
  }

  /** Nobody else uses it meanwhile. Undefined as by `look`. */
  use<T, R>(
    kind: TicketKind<T>,
    token: string,
    work: (holds: T) => Promise<Use<T, R>>,
  ): Promise<R | undefined> {
    const id = this.idOf(token)
    return this.alone(id, async () => {
      const holds = await this.#read(kind, id)
      if (holds === undefined) return undefined
      const { result, ticket } = await work(holds)
      if (ticket === 'spent') await this.end(id)
      else if (ticket !== 'keep') await this.#write(id, { ...(await this.#load(id)), ...ticket })
      return result
    })
  }

  /** Names the ticket; tells nothing of its token. */
  idOf(token: string): string {
    return createHmac('sha256', this.#parts.secret).update('ticket\0').update(token).digest('base64url')
  }

  async end(id: string): Promise<void> {
    await this.#parts.shelves.save(owner, new Map([[prefix + id, undefined]]))
  }

  /** Takes away those that are too old. */
  async sweep(): Promise<void> {
    const now = this.#parts.clock.now()
    for await (const rows of this.#parts.shelves.list(owner, prefix))
      for (const { name, value } of rows)
        if ((parse(value)?.until ?? 0) < now) await this.end(name.slice(prefix.length))
  }

  /** One piece of work for `id` at a time, in the order of the calls: a ticket, or what keeps account of some. */
  alone<R>(id: string, work: () => Promise<R>): Promise<R> {
    const turn = (this.#busy.get(id) ?? Promise.resolve()).then(work)
    const ended = turn
      .catch(() => {})
      .then(() => {
        if (this.#busy.get(id) === ended) this.#busy.delete(id)
      })
    this.#busy.set(id, ended)
    return turn
  }

  async #read<T>({ name, holds }: TicketKind<T>, id: string): Promise<T | undefined> {
    const ticket = await this.#load(id)
    if (ticket === undefined || ticket.kind !== name || ticket.until < this.#parts.clock.now())
      return undefined
    return holds.safeParse(ticket.holds).data
  }

  async #load(id: string): Promise<z.infer<typeof ticketSchema> | undefined> {
    const value = await this.#parts.shelves.load(owner, prefix + id)
    return value && parse(value)
  }

  #write(id: string, ticket: object): Promise<void> {
    return this.#parts.shelves.save(owner, new Map([[prefix + id, Buffer.from(JSON.stringify(ticket))]]))
  }

  #until(seconds: number): number {
    return this.#parts.clock.now() + seconds * 1000
  }
}

const parse = (value: Buffer): z.infer<typeof ticketSchema> | undefined =>
  ticketSchema.safeParse(JSON.parse(value.toString())).data
