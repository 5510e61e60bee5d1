/** How long to wait before the next try. Peers do this: innfeed's 30 s doubling to 1 h. */

export interface Backoff {
  /** Milliseconds before the second try. */
  readonly first: number
  readonly most: number
}

/** Milliseconds, with a fifth of jitter either way so that peers do not come back all at once. */
export function delayAfter(failures: number, { first, most }: Backoff, random: () => number): number {
  const doubled = first * 2 ** Math.min(Math.max(failures - 1, 0), 30)
  return Math.min(doubled, most) * (0.8 + 0.4 * random())
}
