/** Notes in memory that count how often they were written. */
import type { Notes } from '../../src/storage/state/notes.ts'

export class WrittenNotes implements Notes {
  readonly values = new Map<string, Buffer>()
  writes = 0
  /** Set: nothing can be saved. */
  broken = false

  async load(name: string): Promise<Buffer | undefined> {
    return this.values.get(name)
  }

  async save(name: string, value: Buffer): Promise<void> {
    if (this.broken) throw new Error('full')
    this.writes++
    this.values.set(name, value)
  }
}
