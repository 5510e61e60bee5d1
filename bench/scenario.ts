/** One path of a server that is measured, and what a measurement gives. */
import type { Articles } from './articles.ts'
import type { Server } from './target.ts'

export interface Metric {
  readonly name: string
  readonly unit: string
  readonly better: 'more' | 'less'
  /** What our node is to reach; `times` counts against each other server. */
  readonly goal?: { readonly value: number } | { readonly times: number }
}

export type Sample = Readonly<Record<string, number>>

/** What the server holds: nothing and freshly made, the articles of the bench after a restart, or many groups. */
export type Stock = 'empty' | 'filled' | 'many groups'

export interface Sizes {
  /** Articles that are fed or imported into an empty server. */
  readonly articles: number
  /** Articles of a filled server. */
  readonly filled: number
  readonly groups: number
  readonly manyGroups: number
  readonly idle: number
  /** Octets of a body. */
  readonly octets: number
}

export interface Bench {
  readonly server: Server
  readonly sizes: Sizes
  /** Of the series that the server holds, or shall be given. */
  readonly articles: Articles
  /** A folder for files of this measurement. */
  readonly directory: string
}

export interface Scenario {
  readonly name: string
  readonly title: string
  readonly stock: Stock
  readonly metrics: readonly Metric[]
  /** Undefined where this server has no such path. */
  measure(bench: Bench): Promise<Sample | undefined>
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

/** The value below which the part `at` of the values lies; 0 for none. */
export function quantile(values: readonly number[], at: number): number {
  const ordered = [...values].sort((a, b) => a - b)
  const middle = (ordered.length - 1) * at
  const below = ordered[Math.floor(middle)] ?? 0
  const above = ordered[Math.ceil(middle)] ?? 0
  return below + (above - below) * (middle - Math.floor(middle))
}

/** Seconds that `act` takes. */
export async function timed(act: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await act()
  return (performance.now() - started) / 1000
}

/** Uniform numbers below `limit`, the same in every run. */
export function picks(seed: number): (limit: number) => number {
  let state = seed
  return limit => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 0x1_0000_0000) * limit)
  }
}
