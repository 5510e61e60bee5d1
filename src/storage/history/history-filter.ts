/**
 * Says of most message-IDs at once that this node has never known them: a Bloom filter over history, so that for a new
 * article no database is asked, nor for one that nobody has cancelled in advance. It may hold an id without cause, and
 * then the databases are asked; it never lacks one.
 */
import { hashLength, hashWord } from '../keys.ts'

/** With four bits set among sixteen for each, a full layer holds one id in 400 without cause. */
const bitsPerId = 16
const firstLayerIds = 2 ** 17
/** 64 MiB of filter in all; ids beyond that make it less sharp, not larger. */
const largestLayerIds = 2 ** 24
const octetsInWord = 4

interface Layer {
  readonly words: Uint32Array
  readonly mask: number
  readonly capacity: number
  ids: number
}

export class HistoryFilter {
  /** The newest one, which ids are added to, comes first. */
  #layers: readonly Layer[]
  #complete = false

  /** Each layer takes twice the ids of the one before; `ids` (a power of two) is for the first. */
  constructor(ids = firstLayerIds) {
    this.#layers = [layerFor(ids)]
  }

  /** False where an id of this hash is surely in neither database. `hash` is of `messageIdHash`. */
  mayHold(hash: string): boolean {
    return !this.#complete || this.#holds(hash)
  }

  /**
   * Before it is written. What is taken out of the databases stays in here until the next start; one that comes again,
   * as the id of an article that expires, takes no room.
   */
  add(hash: string): void {
    if (this.#holds(hash)) return
    const layer = this.#newest()
    for (let at = 0; at < hashLength; at += octetsInWord) set(layer, hashWord(hash, at))
    layer.ids += 1
  }

  /** All that the databases hold is in it; until then every id may be known. */
  complete(): void {
    this.#complete = true
  }

  #holds(hash: string): boolean {
    for (const layer of this.#layers) if (holds(layer, hash)) return true
    return false
  }

  #newest(): Layer {
    const [newest = layerFor(firstLayerIds)] = this.#layers
    if (newest.ids < newest.capacity || newest.capacity === largestLayerIds) return newest
    const layer = layerFor(newest.capacity * 2)
    this.#layers = [layer, ...this.#layers]
    return layer
  }
}

function layerFor(capacity: number): Layer {
  const bits = capacity * bitsPerId
  return { words: new Uint32Array(bits / 32), mask: bits - 1, capacity, ids: 0 }
}

/** Of a new id the first or second bit says so already. */
function holds(layer: Layer, hash: string): boolean {
  for (let at = 0; at < hashLength; at += octetsInWord) if (!has(layer, hashWord(hash, at))) return false
  return true
}

function has({ words, mask }: Layer, word: number): boolean {
  const bit = word & mask
  return ((words[bit >>> 5] ?? 0) & (1 << (bit & 31))) !== 0
}

function set({ words, mask }: Layer, word: number): void {
  const bit = word & mask
  words[bit >>> 5] = (words[bit >>> 5] ?? 0) | (1 << (bit & 31))
}
