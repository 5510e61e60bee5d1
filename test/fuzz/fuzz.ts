/** Tries input on a target: it throws nothing, and tells the same for every way the octets are cut. */
import { seeded } from '../support/seeded.ts'
import { Mutator } from './mutator.ts'
import type { Target } from './target.ts'

export interface Failure {
  readonly target: string
  readonly input: Buffer
  readonly problem: string
}

export interface Round {
  readonly target: Target
  readonly seed: number
  /** Asked before each input. */
  readonly more: (count: number) => boolean
  /** Milliseconds that 64 kB may take; not measured where absent. */
  readonly patience?: number
}

/** Longer input is not cut into single octets. */
const mostSingle = 1024

/** The first failure, its input made as short as it can be; undefined where there was none. */
export async function fuzz({ target, seed, more, patience }: Round): Promise<Failure | undefined> {
  const mutator = new Mutator({ ...target, random: seeded(seed) })
  for (let count = 0; more(count); count++) {
    const input = mutator.next()
    const problem = await attempt(target, input, [mutator.pieces(input)])
    if (problem !== undefined) return shortened({ target: target.name, input, problem }, target)
    const late = patience === undefined ? 0 : await slowest(target, input, patience)
    if (late > 0) return { target: target.name, input, problem: `took ${late.toFixed(0)} ms` }
  }
  return undefined
}

/** What is wrong with what the target makes of `input`; undefined where nothing is. */
export async function attempt(
  target: Target,
  input: Buffer,
  cuts: readonly (readonly Buffer[])[] = [],
): Promise<string | undefined> {
  const single = input.length <= mostSingle ? [Array.from(input, (_, at) => input.subarray(at, at + 1))] : []
  try {
    // A copy for each: what is kept of the one must not come to light in the other.
    const told = await target.run([Buffer.from(input)])
    for (const pieces of [...cuts, ...single]) {
      const other = await target.run(pieces.map(piece => Buffer.from(piece)))
      if (other !== told) return `in pieces: ${difference(told, other)}`
    }
    return undefined
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error)
  }
}

function difference(one: string, other: string): string {
  let at = 0
  while (at < one.length && one[at] === other[at]) at++
  const shown = (text: string) => JSON.stringify(text.slice(Math.max(0, at - 20), at + 60))
  return `${shown(one)} became ${shown(other)}`
}

/** Milliseconds of the processor where it is too slow each of five times, else 0: memory is tidied up meanwhile. */
async function slowest(target: Target, input: Buffer, patience: number): Promise<number> {
  let least = Number.POSITIVE_INFINITY
  for (let left = 5; left > 0; left--) {
    const started = process.cpuUsage()
    await target.run([input])
    const { user, system } = process.cpuUsage(started)
    least = Math.min(least, (user + system) / 1000)
    if (least <= patience) return 0
  }
  return least
}

/** Leaves out what the problem does not need, in smaller and smaller parts. */
async function shortened(failure: Failure, target: Target): Promise<Failure> {
  let { input, problem } = failure
  for (let part = Math.ceil(input.length / 2); part >= 1; part = Math.floor(part / 2)) {
    for (let at = 0; at < input.length; ) {
      const less = Buffer.concat([input.subarray(0, at), input.subarray(at + part)])
      const still = await attempt(target, less)
      if (still === undefined) at += part
      else [input, problem] = [less, still]
    }
  }
  return { ...failure, input, problem }
}
