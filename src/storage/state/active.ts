/** The groups this node has, in memory, as every reader sees them: name, status, marks, exact counts. RFC 3977 7.6.3 */
import { seal, unseal } from '../checksum.ts'
import type { Store } from '../database/store.ts'
import { allGroups, allMarks, groupOfKey, readWide, writeWide } from '../keys.ts'
import type { Group, GroupId } from '../reading.ts'
import { DamagedState } from './damaged-state.ts'

/** A group as storage keeps it: a removed one is hidden but keeps its id and marks, so that numbers never repeat. */
export interface GroupState extends Group {
  readonly removed: boolean
  /** The highest number that was removed again: a free one up to here may have been another article's. */
  readonly used: number
  /** Of its articles as they are relayed, a crosspost in each of its groups. */
  readonly octets: number
  /** Marks were taken over from another server and nothing was filed here yet: old numbers may still be imported. */
  readonly fresh: boolean
}

type Definition = Pick<GroupState, 'name' | 'status' | 'description' | 'created' | 'creator' | 'removed'>
type Marks = Pick<GroupState, 'low' | 'high' | 'count' | 'used' | 'fresh' | 'octets'>

/** A definition is a short JSON text: it changes seldom and is read once, at start. */
export function encodeDefinition(group: Definition): Buffer {
  const { name, status, description, created, creator, removed } = group
  return seal(Buffer.from(JSON.stringify([name, status, description, created, creator, removed])))
}

function decodeDefinition(id: GroupId, value: Buffer): Definition {
  const octets = unseal(value)
  if (octets === undefined) throw new DamagedState(`the definition of newsgroup ${id}`)
  const [name, status, description, created, creator, removed] = JSON.parse(octets.toString())
  return { name, status, description, created, creator, removed }
}

export function encodeMarks({ low, high, count, used, fresh, octets }: Marks): Buffer {
  const value = Buffer.allocUnsafe(25)
  value.writeUInt32BE(low, 0)
  value.writeUInt32BE(high, 4)
  value.writeUInt32BE(count, 8)
  value.writeUInt32BE(used, 12)
  value[16] = fresh ? 1 : 0
  writeWide(value, octets, 17)
  return seal(value)
}

function decodeMarks(id: GroupId, value: Buffer): Marks {
  const octets = unseal(value)
  if (octets === undefined) throw new DamagedState(`the marks of newsgroup ${id}`)
  return {
    low: octets.readUInt32BE(0),
    high: octets.readUInt32BE(4),
    count: octets.readUInt32BE(8),
    used: octets.readUInt32BE(12),
    fresh: octets[16] === 1,
    // Marks of an earlier version: set right when the index of that version is made again.
    octets: octets.length < 25 ? 0 : readWide(octets, 17),
  }
}

/** The highest article number. RFC 3977 6 */
export const highestNumber = 2 ** 31 - 1

/**
 * A value of marks, and `gap` numbers of the group are passed over: who saw them given to articles that are lost does
 * not find others under them. Undefined where the value stays, as a damaged one does; no further than leaves half of the
 * numbers there are.
 */
export function passOver(id: GroupId, value: Buffer, gap: number): Buffer | undefined {
  if (unseal(value) === undefined || gap === 0) return undefined
  const marks = decodeMarks(id, value)
  const high = marks.high + Math.min(gap, Math.floor((highestNumber - marks.high) / 2))
  const low = marks.count === 0 ? high + 1 : marks.low
  // Where nothing was ever filed, old numbers of another server may still be imported.
  if (marks.high === 0 || marks.fresh) return encodeMarks({ ...marks, low, high, fresh: true })
  return encodeMarks({ ...marks, low, high, used: high })
}

export const noMarks: Marks = { low: 1, high: 0, count: 0, used: 0, fresh: false, octets: 0 }

export class Active {
  readonly #byName = new Map<string, GroupState>()
  readonly #byId = new Map<GroupId, GroupState>()
  #sorted: readonly string[] | undefined
  #version = 0
  #articles = 0

  static async load(state: Store): Promise<Active> {
    const active = new Active()
    const marks = new Map<GroupId, Marks>()
    for await (const pairs of state.iterate(allMarks, 4096))
      for (const { key, value } of pairs) {
        const id = groupOfKey(key)
        marks.set(id, decodeMarks(id, value))
      }
    const groups: GroupState[] = []
    for await (const pairs of state.iterate(allGroups, 4096))
      for (const { key, value } of pairs) {
        const id = groupOfKey(key)
        const definition = decodeDefinition(id, value)
        const known = marks.get(id)
        // They are written together; beginning anew at 1 would use numbers twice.
        if (known === undefined) throw new DamagedState(`the marks of ${definition.name}`, 'they are missing')
        groups.push({ id, ...definition, ...known })
      }
    active.publish(groups)
    return active
  }

  /** The visible group of that name. */
  named(name: string): GroupState | undefined {
    const group = this.#byName.get(name)
    return group?.removed ? undefined : group
  }

  /** Removed groups too: a name that comes back gets its old id. */
  everNamed(name: string): GroupState | undefined {
    return this.#byName.get(name)
  }

  /** All of them, removed ones too. */
  all(): GroupState[] {
    return [...this.#byName.values()]
  }

  get highestId(): number {
    let highest = 0
    for (const id of this.#byId.keys()) highest = Math.max(highest, id)
    return highest
  }

  withId(id: GroupId): GroupState | undefined {
    return this.#byId.get(id)
  }

  /** Makes new states of groups visible, all at once. */
  publish(groups: Iterable<GroupState>): void {
    for (const group of groups) {
      const old = this.#byName.get(group.name)
      if (old === undefined || old.removed !== group.removed) this.#sorted = undefined
      if (old?.removed !== group.removed || old.status !== group.status) this.#version++
      this.#articles += group.count - (old?.count ?? 0)
      this.#byName.set(group.name, group)
      this.#byId.set(group.id, group)
    }
  }

  /** Names of visible groups in octet order; the array is never changed in place. */
  names(): readonly string[] {
    this.#sorted ??= [...this.#byName.values()]
      .filter(group => !group.removed)
      .map(group => group.name)
      .sort()
    return this.#sorted
  }

  /** Another number whenever a group is made, goes, or gets another status. */
  get version(): number {
    return this.#version
  }

  /** Articles in all groups, a crosspost counted in each. */
  get articles(): number {
    return this.#articles
  }

  get size(): number {
    return this.names().length
  }
}
