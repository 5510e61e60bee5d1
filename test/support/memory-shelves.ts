/** Shelves in memory. */
import type { Kept, ShelfChanges, Shelves } from '../../src/storage/state/shelves.ts'

export class MemoryShelves implements Shelves {
  readonly #owners = new Map<string, Map<string, Buffer>>()

  async load(owner: string, name: string): Promise<Buffer | undefined> {
    return this.#owners.get(owner)?.get(name)
  }

  async *list(owner: string, beginning = ''): AsyncGenerator<readonly Kept[]> {
    const kept = [...(this.#owners.get(owner) ?? [])].map(([name, value]) => ({ name, value }))
    const chosen = kept.filter(({ name }) => name.startsWith(beginning))
    yield chosen.sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)))
  }

  async save(owner: string, changes: ShelfChanges): Promise<void> {
    const shelf = this.#owners.get(owner) ?? new Map<string, Buffer>()
    this.#owners.set(owner, shelf)
    for (const [name, value] of changes) {
      if (value === undefined) shelf.delete(name)
      else shelf.set(name, Buffer.from(value))
    }
  }

  async saveAll(changes: ReadonlyMap<string, ShelfChanges>): Promise<void> {
    for (const [owner, shelf] of changes) await this.save(owner, shelf)
  }

  async clear(owner: string): Promise<void> {
    this.#owners.delete(owner)
  }
}
