/** What was applied last, so that no older message is applied after it: dates of groups, serials of lists. RFC 5537 5.2.3 */
import { createHash } from 'node:crypto'
import type { Shelves } from '../../storage/state/shelves.ts'
import { scopeOf } from './changes.ts'
import type { CheckgroupsRequest } from './request.ts'

const owner = 'control'
const namesAtOnce = 1_000

export interface AppliedList {
  /** Seconds since 1970. */
  readonly date: number
  /** -1 where none was ever given. */
  readonly serial: number
}

export class Ledger {
  readonly #shelves: Pick<Shelves, 'load' | 'save'>

  constructor(shelves: Pick<Shelves, 'load' | 'save'>) {
    this.#shelves = shelves
  }

  /** Date of the last message that was applied to `group`, seconds since 1970; 0 where there was none. */
  dateOf(group: string): Promise<number> {
    return this.#number(groupName(group))
  }

  /** The last list that was applied for the same scope; undefined where there was none. */
  async listOf(request: CheckgroupsRequest): Promise<AppliedList | undefined> {
    const text = (await this.#shelves.load(owner, listName(request)))?.toString()
    if (text === undefined) return undefined
    const [date = '0', serial = '-1'] = text.split(' ')
    return { date: Number(date), serial: Number(serial) }
  }

  /** Resolves when it is durable. */
  async note(groups: readonly string[], date: number): Promise<void> {
    const value = Buffer.from(String(date))
    // So many names go into one record of the journal.
    for (let at = 0; at < groups.length; at += namesAtOnce)
      await this.#shelves.save(
        owner,
        new Map(groups.slice(at, at + namesAtOnce).map(group => [groupName(group), value])),
      )
  }

  /** A list without a serial leaves the last one as it is. */
  async noteList(request: CheckgroupsRequest, date: number): Promise<void> {
    const serial = request.serial ?? (await this.listOf(request))?.serial ?? -1
    await this.#shelves.save(owner, new Map([[listName(request), Buffer.from(`${date} ${serial}`)]]))
  }

  async #number(name: string): Promise<number> {
    const value = await this.#shelves.load(owner, name)
    return value === undefined ? 0 : Number(value.toString())
  }
}

/** Names of groups and scopes may be longer than names on a shelf. */
const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex')

const groupName = (group: string): string => `group:${digestOf(group)}`

function listName(request: CheckgroupsRequest): string {
  const text = [...scopeOf(request), ...request.except.map(name => `!${name}`)].sort().join(' ')
  return `list:${digestOf(text)}`
}
