/**
 * Sessions of the reader: a row on the shelf of the account, found by a keyed hash of the cookie, which is written
 * nowhere. They last 30 days without a visit and 90 days at most, over restarts too.
 */
import { createHmac } from 'node:crypto'
import { z } from 'zod'
import { type Account, type AccountName, accountName, provenAs } from '../../account.ts'
import { networkOf } from '../../address.ts'
import { visibleLine } from '../../article-text/visible.ts'
import { roles } from '../../client.ts'
import type { Clock } from '../../clock.ts'
import type { Log } from '../../log.ts'
import { Recent } from '../../recent.ts'
import { accountShelf, type Shelves } from '../../storage/state/shelves.ts'
import { Turns } from '../../storage/turns.ts'
import { type People, type Person, type SessionLine, type SigningIn, sessionSeconds } from '../person.ts'

export interface SessionParts {
  readonly shelves: Shelves
  readonly find: (name: AccountName) => Promise<Account | undefined>
  /** Whether names without an account here are asked for elsewhere. */
  readonly elsewhere: () => boolean
  readonly clock: Clock
  readonly log: Log
  readonly random: (octets: number) => Buffer
  /** The same after a restart, or all sessions are over. */
  readonly secret: Buffer
  /** Told of each that was ended. */
  readonly ended?: (id: string) => void
}

/** Milliseconds. */
const idle = 30 * 86_400_000
const longest = sessionSeconds * 1000
/** Roles that were told elsewhere are believed so long. */
const longestElsewhere = 86_400_000
/** A visit is noted when the last one noted is older. */
const noted = 3_600_000

/** Of one account; the oldest end first. */
const mostOfOne = 50
const kept = 10_000
const prefix = 'session:'
/** The owner of the rows that lead from a cookie to an account. */
const everybody = 'web'

const sessionSchema = z.object({
  account: z.string(),
  /** When the account was made, seconds since 1970, and its stamp: another one of that name has no part in it. */
  created: z.number(),
  stamp: z.string(),
  begun: z.number(),
  seen: z.number(),
  network: z.string(),
  agent: z.string(),
  /** What was told of an account elsewhere. */
  elsewhere: z.object({ roles: z.array(z.enum(roles)), groups: z.array(z.string()) }).optional(),
})
type Session = z.infer<typeof sessionSchema>

const pointerSchema = z.object({ account: z.string(), until: z.number() })

function read<T>(schema: z.ZodType<T>, value: Buffer | undefined): T | undefined {
  if (value === undefined) return undefined
  const { data } = schema.safeParse(JSON.parse(value.toString()))
  return data
}

const written = (value: object) => Buffer.from(JSON.stringify(value))

export class Sessions implements People {
  readonly #parts: SessionParts
  readonly #known = new Recent<string, Session>(kept)
  readonly #turns = new Turns()
  /** Counts the ends: what was read before one is not remembered after it. */
  #ends = 0

  constructor(parts: SessionParts) {
    this.#parts = parts
  }

  async who(cookie: string): Promise<Person | undefined> {
    const id = this.#idOf(cookie)
    const session = this.#known.get(id) ?? (await this.#load(id))
    if (session === undefined) return undefined
    const account = await this.#account(session)
    if (account === undefined) return undefined
    if (this.#parts.clock.now() - session.seen > noted) this.#note(id, session)
    return { account, provenAt: session.begun, session: id }
  }

  async signIn({ account, address, agent, before }: SigningIn): Promise<string> {
    const name = accountName(account.name)
    if (name === undefined) throw new Error('a session for a name that nobody can have')
    const cookie = this.#parts.random(16).toString('base64url')
    const now = this.#parts.clock.now()
    const stored = await this.#parts.find(name)
    const session: Session = {
      account: name,
      created: stored?.created ?? 0,
      stamp: stored?.sessionStamp ?? '',
      begun: now,
      seen: now,
      network: networkOf(address),
      agent: visibleLine(agent).slice(0, 200),
      ...(stored === undefined && {
        elsewhere: { roles: [...account.roles], groups: [...account.groups] },
      }),
    }
    const id = this.#idOf(cookie)
    await this.#turns.run(async () => {
      await this.#makeRoom(name)
      await this.#saveBoth(name, id, {
        row: written(session),
        pointer: written({ account: name, until: now + longest }),
      })
    })
    if (before !== undefined) await this.signOut(before)
    return cookie
  }

  async signOut(cookie: string): Promise<void> {
    const id = this.#idOf(cookie)
    const session = this.#known.get(id) ?? (await this.#load(id))
    if (session !== undefined) await this.#turns.run(() => this.#remove(session.account, id))
  }

  async end(account: AccountName, id: string): Promise<void> {
    await this.#turns.run(() => this.#remove(account, id))
  }

  async sessionsOf(account: AccountName): Promise<readonly SessionLine[]> {
    const lines: SessionLine[] = []
    for (const { id, session } of await this.#rowsOf(account))
      if ((await this.#account(session)) !== undefined) lines.push({ id, ...session })
    return lines.sort((one, other) => other.begun - one.begun)
  }

  async *everySession(): AsyncGenerator<readonly SessionLine[]> {
    for await (const rows of this.#parts.shelves.list(everybody, prefix)) {
      const lines: SessionLine[] = []
      for (const { name } of rows) {
        const id = name.slice(prefix.length)
        const session = this.#known.get(id) ?? (await this.#load(id))
        if (session !== undefined && (await this.#account(session)) !== undefined)
          lines.push({ id, ...session })
      }
      yield lines
    }
  }

  /** Takes away what is over. */
  async sweep(): Promise<void> {
    const now = this.#parts.clock.now()
    for await (const rows of this.#parts.shelves.list(everybody, prefix))
      for (const { name, value } of rows) {
        const pointer = read(pointerSchema, value)
        const id = name.slice(prefix.length)
        if (pointer === undefined || pointer.until < now || (await this.#load(id)) === undefined)
          await this.#turns.run(() => this.#remove(pointer?.account ?? '', id))
      }
  }

  #idOf(cookie: string): string {
    return createHmac('sha256', this.#parts.secret).update('session\0').update(cookie).digest('base64url')
  }

  async #load(id: string): Promise<Session | undefined> {
    const { shelves } = this.#parts
    const ends = this.#ends
    const pointer = read(pointerSchema, await shelves.load(everybody, prefix + id))
    if (pointer === undefined) return undefined
    const session = read(sessionSchema, await shelves.load(accountShelf(pointer.account), prefix + id))
    if (session !== undefined && ends === this.#ends) this.#known.set(id, session)
    return session
  }

  /** As it is now; undefined where the session counts no more. */
  async #account(session: Session): Promise<Person['account'] | undefined> {
    const { clock, find, elsewhere } = this.#parts
    const now = clock.now()
    if (now - session.seen > idle || now - session.begun > longest) return undefined
    const name = accountName(session.account)
    const account = name && (await find(name))
    if (session.elsewhere !== undefined) {
      const { roles, groups } = session.elsewhere
      const believed = account === undefined && elsewhere() && now - session.begun < longestElsewhere
      return believed ? { name: session.account, roles: new Set(roles), groups } : undefined
    }
    if (account === undefined || account.disabled) return undefined
    if (account.created !== session.created || (account.sessionStamp ?? '') !== session.stamp)
      return undefined
    return provenAs(account)
  }

  /** Nobody waits for it. */
  #note(id: string, session: Session): void {
    const seen = { ...session, seen: this.#parts.clock.now() }
    // Nor is it remembered again if it has.
    if (this.#known.get(id) === session) this.#known.set(id, seen)
    const owner = accountShelf(session.account)
    this.#turns
      .run(async () => {
        // It may have ended meanwhile.
        if ((await this.#parts.shelves.load(owner, prefix + id)) !== undefined)
          await this.#save(owner, id, written(seen))
      })
      .catch((error: unknown) => this.#parts.log.warn({ err: error }, 'a visit was not noted'))
  }

  async #rowsOf(account: string): Promise<{ readonly id: string; readonly session: Session }[]> {
    const found: { id: string; session: Session }[] = []
    for await (const rows of this.#parts.shelves.list(accountShelf(account), prefix))
      for (const { name, value } of rows) {
        const session = read(sessionSchema, value)
        if (session !== undefined) found.push({ id: name.slice(prefix.length), session })
      }
    return found
  }

  async #makeRoom(account: AccountName): Promise<void> {
    const rows = await this.#rowsOf(account)
    rows.sort((one, other) => other.session.begun - one.session.begun)
    const over: string[] = []
    let good = 0
    for (const { id, session } of rows) {
      const counts = (await this.#account(session)) !== undefined && good < mostOfOne - 1
      if (counts) good += 1
      else over.push(id)
    }
    for (const id of over) await this.#remove(account, id)
  }

  async #remove(account: string, id: string): Promise<void> {
    await this.#saveBoth(account, id, { row: undefined, pointer: undefined })
    this.#ends += 1
    this.#known.delete(id)
    this.#parts.ended?.(id)
  }

  /** In one commit: a row without what leads to it would be listed and be nobody's session. */
  #saveBoth(
    account: string,
    id: string,
    { row, pointer }: { readonly row: Buffer | undefined; readonly pointer: Buffer | undefined },
  ): Promise<void> {
    const name = prefix + id
    return this.#parts.shelves.saveAll(
      new Map([
        [everybody, new Map([[name, pointer]])],
        [accountShelf(account), new Map([[name, row]])],
      ]),
    )
  }

  #save(owner: string, id: string, value: Buffer | undefined): Promise<void> {
    return this.#parts.shelves.save(owner, new Map([[prefix + id, value]]))
  }
}
