/** What a simulation has seen happen, to be held against what is there in the end. */
import type { Verdict } from '../../src/feed/feed.ts'

export class Ledger {
  /** Message-IDs of articles that each machine has taken. */
  readonly promised = new Map<string, Set<string>>()
  /** Message-IDs that each machine has called known: whoever offered them will not offer them again. */
  readonly known = new Map<string, Set<string>>()
  /** Refusals for good, by machine and message-ID: the names of the reasons. */
  readonly refused = new Map<string, Map<string, Set<string>>>()
  /** Faults that a machine logged, and whatever else must not happen. */
  readonly troubles: string[] = []
  /** Articles that came whole over a line, and those of them that were taken. */
  transfers = 0
  accepted = 0
  /** Those that the receiver had by then. */
  duplicates = 0
  /** Those that the receiver did not want: groups or distributions that it does not take, or too old. */
  unwanted = 0
  crashes = 0
  restarts = 0
  posted = 0

  promise(machine: string, id: string): void {
    add(this.promised, machine, id)
    this.know(machine, id)
  }

  know(machine: string, id: string): void {
    add(this.known, machine, id)
  }

  transferred(machine: string, id: string, verdict: Verdict): void {
    this.transfers++
    if (verdict.kind === 'accepted') this.accepted++
    if (verdict.kind !== 'rejected') return
    if (verdict.reason.name === 'duplicate') this.duplicates++
    else this.unwanted++
    const known = this.refused.get(machine) ?? new Map<string, Set<string>>()
    this.refused.set(machine, known.set(id, (known.get(id) ?? new Set()).add(verdict.reason.name)))
  }

  hasRefused(machine: string, id: string): boolean {
    return this.refused.get(machine)?.has(id) === true
  }

  wasRefused(machine: string, id: string, reason: string): boolean {
    return this.refused.get(machine)?.get(id)?.has(reason) === true
  }
}

function add(sets: Map<string, Set<string>>, key: string, value: string): void {
  const known = sets.get(key) ?? new Set()
  sets.set(key, known.add(value))
}
