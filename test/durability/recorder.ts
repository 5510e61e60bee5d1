/** What clients were told by a node, kept where its death cannot reach: acknowledged articles, and numbers ever seen. */

export interface Sent {
  readonly body: readonly string[]
  /** Filed only where articles expire. */
  readonly expires: boolean
}

export class Recorder {
  /** Articles that a 240, 239, 235, 435, 438 or the end of an import acknowledged, or a reader has seen. */
  readonly #acknowledged = new Set<string>()
  /** All that were ever sent, by message-ID. */
  readonly sent = new Map<string, Sent>()
  readonly #owners = new Map<string, string>()
  readonly #numbers = new Map<string, number>()
  readonly #highest = new Map<string, number>()
  readonly #lowest = new Map<string, number>()
  readonly #expired = new Set<string>()
  #alarm: { readonly at: number; readonly ring: () => void } | undefined

  get acknowledged(): ReadonlySet<string> {
    return this.#acknowledged
  }

  acknowledge(id: string): void {
    this.#acknowledged.add(id)
    if (this.#acknowledged.size >= (this.#alarm?.at ?? Number.POSITIVE_INFINITY)) this.#alarm?.ring()
  }

  /** Resolves when so many more are acknowledged. */
  more(count: number): Promise<void> {
    return new Promise(ring => {
      this.#alarm = { at: this.#acknowledged.size + count, ring }
    })
  }

  /** Of the acknowledged those that nothing takes away. */
  get lasting(): readonly string[] {
    return [...this.#acknowledged].filter(id => this.sent.get(id)?.expires !== true)
  }

  get expired(): number {
    return this.#expired.size
  }

  /** An article that was acknowledged is there or not. Sentences about what cannot be. */
  found(id: string, there: boolean): string[] {
    if (there) return this.#expired.has(id) ? [`${id} has come back`] : []
    if (!this.sent.get(id)?.expires) return [`${id} is lost`]
    this.#expired.add(id)
    return []
  }

  /** A low mark never falls. RFC 3977 6.1.1.2 */
  sawLow(group: string, low: number): string[] {
    const lowest = this.#lowest.get(group) ?? 0
    this.#lowest.set(group, Math.max(low, lowest))
    return low < lowest ? [`${group}: low ${low}, but ${lowest} was seen`] : []
  }

  /** A high mark, and behind it rows of OVER: numbers with message-IDs. Sentences about what cannot be. */
  saw(group: string, high: number, rows: readonly (readonly [number, string])[]): string[] {
    const faults: string[] = []
    const highest = this.#highest.get(group) ?? 0
    if (high < highest) faults.push(`${group}: high ${high}, but ${highest} was seen`)
    // Asked for later than the mark, so some may be above it.
    this.#highest.set(group, Math.max(high, highest, ...rows.map(([number]) => number)))
    for (const [number, id] of rows) {
      const owner = this.#owners.get(`${group}:${number}`)
      if (owner !== undefined && owner !== id) faults.push(`${group}:${number} was ${owner} and is ${id}`)
      const known = this.#numbers.get(`${group} ${id}`)
      if (known !== undefined && known !== number) faults.push(`${id} was ${group}:${known} and is ${number}`)
      this.#owners.set(`${group}:${number}`, id)
      this.#numbers.set(`${group} ${id}`, number)
      this.acknowledge(id)
    }
    return faults
  }
}
