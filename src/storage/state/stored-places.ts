/** Places in `state`: saved with the next commit, so that a consumer may repeat after a crash and never skips. */
import { seal, unseal } from '../checksum.ts'
import type { RecordChanges, Store } from '../database/store.ts'
import { placeKey, readWide, writeWide } from '../keys.ts'
import type { Arrival } from '../reading.ts'
import type { Place, Places } from './places.ts'

/** epoch 8 · cursor 8 · then per exception arrival 8 · tries 2 */
const fixed = 16
const entry = 10

function encodePlace({ epoch, cursor, exceptions }: Place): Buffer {
  const value = Buffer.allocUnsafe(fixed + exceptions.length * entry)
  writeWide(value, epoch, 0)
  writeWide(value, cursor, 8)
  for (const [at, { arrival, tries }] of exceptions.entries()) {
    writeWide(value, arrival, fixed + at * entry)
    value.writeUInt16BE(Math.min(tries, 0xffff), fixed + at * entry + 8)
  }
  return seal(value)
}

function decodePlace(sealed: Buffer): Place | undefined {
  const value = unseal(sealed)
  if (value === undefined) return undefined
  return {
    epoch: readWide(value, 0),
    cursor: readWide(value, 8) as Arrival,
    exceptions: Array.from({ length: (value.length - fixed) / entry }, (_, at) => ({
      arrival: readWide(value, fixed + at * entry) as Arrival,
      tries: value.readUInt16BE(fixed + at * entry + 8),
    })),
  }
}

export class StoredPlaces implements Places {
  readonly epoch: number
  readonly #state: Store
  readonly #write: (changes: RecordChanges) => Promise<void>

  constructor(epoch: number, state: Store, write: (changes: RecordChanges) => Promise<void>) {
    this.epoch = epoch
    this.#state = state
    this.#write = write
  }

  async load(name: string): Promise<Place | undefined> {
    const value = await this.#state.get(placeKey(name))
    return value && decodePlace(value)
  }

  save(name: string, place: Place): Promise<void> {
    return this.#write([{ database: 'state', key: placeKey(name), value: encodePlace(place) }])
  }

  remove(name: string): Promise<void> {
    return this.#write([{ database: 'state', key: placeKey(name), value: undefined }])
  }
}
