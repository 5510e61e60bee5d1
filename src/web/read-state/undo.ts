/** What was marked as read at one stroke, so that it can be taken back. */
import { z } from 'zod'
import { formatRanges, type NumberRanges, parseRanges } from './number-ranges.ts'

export interface CaughtUp {
  /** Milliseconds since 1970. */
  readonly at: number
  /** By name of the group, the numbers that were unread before. */
  readonly numbers: ReadonlyMap<string, NumberRanges>
}

/** How many strokes are remembered. */
const mostStrokes = 5
/** Octets of all of them; a stroke that is larger cannot be taken back. */
const mostOctets = 300_000

const stored = z.array(
  z.strictObject({ at: z.number(), numbers: z.array(z.tuple([z.string(), z.string()])) }),
)

export class Undo {
  readonly #strokes: CaughtUp[]
  readonly #save: (value: Buffer | undefined) => void

  constructor(value: Buffer | undefined, save: (value: Buffer | undefined) => void) {
    this.#strokes = value === undefined ? [] : decode(value)
    this.#save = save
  }

  /** What `pop` would give. */
  get newest(): CaughtUp | undefined {
    return this.#strokes.at(-1)
  }

  push(stroke: CaughtUp): void {
    this.#strokes.push(stroke)
    while (this.#strokes.length > mostStrokes) this.#strokes.shift()
    while (this.#strokes.length > 0 && encode(this.#strokes).length > mostOctets) this.#strokes.shift()
    this.#keep()
  }

  pop(): CaughtUp | undefined {
    const stroke = this.#strokes.pop()
    if (stroke !== undefined) this.#keep()
    return stroke
  }

  #keep(): void {
    this.#save(this.#strokes.length === 0 ? undefined : encode(this.#strokes))
  }
}

function encode(strokes: readonly CaughtUp[]): Buffer {
  const plain = strokes.map(({ at, numbers }) => ({
    at,
    numbers: [...numbers].map(([name, ranges]) => [name, formatRanges(ranges)]),
  }))
  return Buffer.from(JSON.stringify(plain))
}

function decode(value: Buffer): CaughtUp[] {
  try {
    return stored.parse(JSON.parse(value.toString())).map(({ at, numbers }) => ({
      at,
      numbers: new Map(numbers.map(([name, text]) => [name, parseRanges(text) ?? []])),
    }))
  } catch {
    return []
  }
}
