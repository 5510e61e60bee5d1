/** Decides what is done about a control message, and does it. RFC 5537 5.2 */
import { setImmediate } from 'node:timers/promises'
import { Allowance, Allowances } from '../../allowance.ts'
import type { Article } from '../../article.ts'
import type { Audit } from '../../audit/audit-log.ts'
import type { Clock } from '../../clock.ts'
import type { Config } from '../../config/config.ts'
import { oncePerConfig } from '../../config/snapshot.ts'
import { parseDate } from '../../date.ts'
import type { Log } from '../../log.ts'
import type { Entry, Outcome } from '../../storage/entry.ts'
import type { Reading } from '../../storage/reading.ts'
import type { Shelves } from '../../storage/state/shelves.ts'
import { loneAddress } from '../check/from.ts'
import type { Letter } from '../mail/letters.ts'
import { changesFor, type GroupChange, type KnownGroup, scopeOf } from './changes.ts'
import { Ledger } from './ledger.ts'
import { askedLetter } from './letter.ts'
import { type Proof, Proofs } from './proofs.ts'
import { type RecordFields, Records } from './records.ts'
import { type GroupRequest, groupRequest, type ListedGroup, type Malformed } from './request.ts'
import { type CompiledRule, compileRules, groupsOf } from './rules.ts'

export interface ActingParts {
  readonly config: () => Config
  readonly clock: Clock
  readonly log: Log
  readonly audit: Pick<Audit, 'record'>
  readonly submit: (entry: Entry) => Promise<Outcome>
  readonly reading: Pick<Reading, 'group' | 'groups'>
  readonly shelves: Pick<Shelves, 'load' | 'save'>
  /** Resolves when the letter is durable in the outbox. */
  readonly send: (letter: Letter) => Promise<void>
  /** Why the wall clock is not to be believed, if so. */
  readonly doubt: () => string | undefined
  /** Told of every message that asks for a change. */
  readonly observe?: (type: GroupRequest['type'], outcome: ControlOutcome) => void
}

/** `unchanged`: all was so already; `ignored`: no rule, or one that drops it. */
export type ControlOutcome = 'applied' | 'unchanged' | 'refused' | 'logged' | 'mailed' | 'ignored'

/** A message as it lies in the store. */
export interface Received {
  readonly article: Article
  readonly messageId: string
  /** See `Entry`. */
  readonly source: string
}

/** Messages of one issuer that are applied at once and in an hour; a list counts as one. */
const mostApplied = 10
/** Letters to the administrator, in the same way. */
const mostLetters = 20
const hour = 3600
/** Days, where history.cutoff_days says nothing. */
const usualCutoff = 10
const day = 86_400

/** What is known of a message by the time it is decided. */
interface Case {
  readonly request: GroupRequest
  readonly rule: CompiledRule
  /** Seconds since 1970. */
  readonly date: number
  readonly proof: Proof
  readonly fields: RecordFields
}

/** Nothing is done, and why; or nothing, as nobody wants to know of it. */
type Refusal = { readonly refused: string } | 'ignored'

export class Acting {
  readonly #parts: ActingParts
  readonly #ledger: Ledger
  readonly #proofs: Proofs
  readonly #records: Records
  readonly #applied: Allowances
  readonly #letters: Allowance
  readonly #rules = oncePerConfig(({ control }) => compileRules(control))

  constructor(parts: ActingParts) {
    this.#parts = parts
    this.#ledger = new Ledger(parts.shelves)
    this.#proofs = new Proofs(parts)
    this.#records = new Records(parts)
    this.#applied = new Allowances(parts.clock)
    this.#letters = new Allowance(parts.clock)
  }

  /** Rejects where storage cannot take the changes now: it is to be tried again, and twice is as good as once. */
  async consider(received: Received): Promise<void> {
    const request = groupRequest(received.article)
    if (request === undefined) return
    const fields = fieldsOf(received, request)
    const decided = await this.#decide(received, request, fields)
    if (typeof decided !== 'string') this.#records.refused(fields, decided.refused)
    this.#parts.observe?.(request.type, typeof decided === 'string' ? decided : 'refused')
  }

  async #decide(
    { article, source }: Received,
    request: GroupRequest | Malformed,
    fields: RecordFields,
  ): Promise<ControlOutcome | Refusal> {
    if (this.#parts.config().control.every(({ action }) => action === 'drop')) return 'ignored'
    if ('malformed' in request) return { refused: request.malformed }
    if (fields.from === '') return { refused: 'no address of a sender' }
    const about = { ...fields, type: request.type, groups: groupsOf(request) }
    const rule = this.#rules(this.#parts.config()).find(({ matches }) => matches(about))
    if (rule === undefined || rule.action === 'drop') return 'ignored'
    // RFC 5537 5.2: a group control message without Approved is not acted on.
    if (article.count('Approved') === 0) return { refused: 'no Approved field' }
    const date = this.#dateOf(article)
    if (typeof date === 'string') return { refused: date }
    const isList = request.type === 'checkgroups'
    const proof = await this.#proofs.of(article, { rule, source, isList })
    if (typeof proof === 'string') return { refused: proof }
    return this.#act({ request, rule, date, proof, fields })
  }

  /** Date, which is signed, and not Injection-Date: or an old message could be injected anew. Seconds since 1970. */
  #dateOf(article: Article): number | string {
    const { clock, config, doubt } = this.#parts
    if (doubt() !== undefined) return 'the clock of this node is not believed'
    const date = parseDate(article.header('Date') ?? '')
    const now = clock.now() / 1000
    const days = config().history.cutoff_days || usualCutoff
    if (date === undefined || date > now + day) return 'no date, or one in the future'
    return date < now - days * day ? `older than ${days} days` : date
  }

  async #act(message: Case): Promise<ControlOutcome | Refusal> {
    const { request, rule, fields, proof } = message
    if (rule.action === 'log') {
      this.#records.seen(fields, proof.words)
      return 'logged'
    }
    const late = this.#isTooMany(message) ?? (await this.#isLate(message))
    if (late !== undefined) return { refused: late }
    if (request.type === 'checkgroups') await readThrough(request.groups)
    const asked = changesFor(request, { known: await this.#known(request), allows: rule.allows })
    if (typeof asked === 'string') return { refused: asked }
    const changes = await this.#timely(message, asked)
    if (rule.action === 'mail') return this.#tell(message, changes)
    // The configuration is refused without it.
    if (rule.key === '' && !rule.unsigned) return { refused: 'no signature' }
    return this.#apply(message, changes)
  }

  async #apply(message: Case, changes: readonly GroupChange[]): Promise<ControlOutcome> {
    const { fields, proof, request } = message
    await Promise.all(changes.map(change => this.#submit(change, fields.from)))
    await this.#note(message, changes)
    // All newsgroups were gone through for a list, whatever it changes.
    if (changes.length > 0 || request.type === 'checkgroups') this.#use(message)
    if (changes.length === 0) return 'unchanged'
    const count = (action: GroupChange['action']) => changes.filter(each => each.action === action).length
    const counts = { added: count('add'), changed: count('set'), removed: count('remove') }
    this.#records.applied(fields, { key: proof.issuer, ...counts })
    return 'applied'
  }

  async #tell(message: Case, changes: readonly GroupChange[]): Promise<ControlOutcome> {
    const { config, send } = this.#parts
    const { fields, proof, request } = message
    const letter = { ...fields, proof: proof.words, changes }
    // Counted when it is in the outbox: until then it is tried again and again.
    if (changes.length > 0) await send({ to: config().node.admin, ...askedLetter(letter) })
    if (changes.length > 0 || request.type === 'checkgroups') this.#use(message)
    if (changes.length === 0) return 'unchanged'
    this.#records.seen(fields, proof.words)
    return 'mailed'
  }

  /** Asked before the list of newsgroups is gone through. */
  #isTooMany(message: Case): string | undefined {
    const { allowance, most, words } = this.#boundOf(message)
    return allowance.over(most, most / hour) > -1 ? `more than ${most} ${words}` : undefined
  }

  #use(message: Case): void {
    const { allowance, most } = this.#boundOf(message)
    allowance.use(1, most / hour)
  }

  #boundOf({ rule, proof, fields }: Case) {
    if (rule.action === 'mail')
      return { allowance: this.#letters, most: mostLetters, words: 'mails an hour' } as const
    const allowance = this.#applied.of(proof.issuer || fields.from)
    return { allowance, most: mostApplied, words: 'an hour of one issuer' } as const
  }

  /** Why it comes after a later one, if so. */
  async #isLate({ request, date }: Case): Promise<string | undefined> {
    if (request.type !== 'checkgroups')
      return date < (await this.#ledger.dateOf(request.group)) ? 'older than the last one applied' : undefined
    const last = await this.#ledger.listOf(request)
    if (last === undefined) return undefined
    // RFC 5537 5.2.3: a serial that is not above the last one
    if (request.serial !== undefined && request.serial <= last.serial)
      return `its serial is not above ${last.serial}`
    return date < last.date ? 'older than the last list applied' : undefined
  }

  /** Of a list, the changes of groups that nothing later was applied to. */
  async #timely({ request, date }: Case, changes: readonly GroupChange[]): Promise<readonly GroupChange[]> {
    if (request.type !== 'checkgroups') return changes
    const timely: GroupChange[] = []
    for (const change of changes) if (date >= (await this.#ledger.dateOf(change.name))) timely.push(change)
    return timely
  }

  async #known(request: GroupRequest): Promise<ReadonlyMap<string, KnownGroup>> {
    const { reading } = this.#parts
    if (request.type !== 'checkgroups') {
      const group = await reading.group(request.group)
      return new Map(group && [[group.name, group]])
    }
    const known = new Map<string, KnownGroup>()
    for await (const groups of reading.groups()) for (const group of groups) known.set(group.name, group)
    return known
  }

  async #submit(change: GroupChange, from: string): Promise<void> {
    const { submit, clock } = this.#parts
    const time = Math.floor(clock.now() / 1000)
    const creator = change.action === 'add' ? { creator: from } : {}
    const outcome = await submit({ kind: 'group', ...change, ...creator, time, source: 'control' })
    if (outcome.kind === 'deferred') throw new Error(`${change.name}: ${outcome.reason.text}`)
  }

  /** Of a list the groups that it changed, and last of all the list. */
  async #note({ request, date }: Case, changes: readonly GroupChange[]): Promise<void> {
    if (request.type !== 'checkgroups') return this.#ledger.note([request.group], date)
    await this.#ledger.note(
      changes.map(({ name }) => name),
      date,
    )
    await this.#ledger.noteList(request, date)
  }
}

const readAtOnce = 50

/** Makes out the descriptions of a list, and lets all others go first now and then. */
async function readThrough(groups: readonly ListedGroup[]): Promise<void> {
  for (const [at, group] of groups.entries()) {
    group.described()
    if (at % readAtOnce === readAtOnce - 1) await setImmediate()
  }
}

/** RFC 5536 3.2.9: Sender is who posted it for the one in From. */
function fieldsOf({ article, messageId, source }: Received, request: GroupRequest | Malformed): RecordFields {
  const from = loneAddress(article.header('Sender') ?? article.header('From') ?? '') ?? ''
  return { type: request.type, about: aboutOf(request), from, messageId, source }
}

/** Characters: a stranger's list may have a hierarchy in each line. */
const longestAbout = 500

function aboutOf(request: GroupRequest | Malformed): string {
  if ('malformed' in request) return ''
  return request.type === 'checkgroups' ? scopeOf(request).join(' ').slice(0, longestAbout) : request.group
}
