/** Entries that fail half way and journals that do not take a group: what is in memory stays what is durable. */
import { expect } from 'chai'
import { Article } from '../../../src/article.ts'
import { apply } from '../../../src/feed/apply/apply.ts'
import type { MessageId } from '../../../src/message-id.ts'
import { Reason } from '../../../src/reason.ts'
import type { ArticleEntry, Entry } from '../../../src/storage/entry.ts'
import type { Storage } from '../../../src/storage/storage.ts'
import { audit } from '../../support/audit.ts'
import { articleEntry, cancelEntry, groupEntry } from '../../support/entries.ts'
import { HeldLog } from '../../support/held-log.ts'
import { crashed, memoryParts } from '../../support/node.ts'
import { seeded } from '../../support/seeded.ts'
import { systemError } from '../../support/sim-power.ts'
import { testStorage } from '../../support/storage.ts'

const groups = ['a', 'b', 'c'] as const
const limits = { header_bytes: 65_536, header_line_bytes: 8192, headers: 200 }
const room = 1024

/** The same article, alone in memory of its own: its record is written around it. */
function alone(entry: ArticleEntry): ArticleEntry {
  const { wire } = entry.article
  const memory = Buffer.concat([Buffer.alloc(room), wire, Buffer.from('.\r\n')])
  const around = { memory, before: room }
  const article = Article.parse(memory.subarray(room, room + wire.length), limits, around)
  if (article instanceof Reason) throw new Error(article.text)
  return { ...entry, article }
}

interface Run {
  readonly random: () => number
  /** Those that fail behind everything they write into the draft. */
  readonly poisoned: WeakSet<Entry>
  /** Octets of the articles that were handed in, by message-ID. */
  readonly sent: Map<string, Buffer[]>
}

function someEntry({ random, poisoned, sent }: Run): Entry {
  const ids = [...sent.keys()]
  const old = ids[Math.floor(random() * ids.length)]
  const kind = random()
  let entry: Entry
  if (kind < 0.15) {
    const name = groups[Math.floor(random() * groups.length)] ?? 'a'
    entry = groupEntry('set', name, { description: `${random()}` })
  } else if (kind < 0.35 && old !== undefined) entry = cancelEntry(old)
  else {
    // One in five is a copy of an earlier one, which may be in the same group.
    const id = old !== undefined && random() < 0.2 ? old : `<${ids.length}@x>`
    const filed = groups.filter(() => random() < 0.6)
    const body = 'a line\n'.repeat(Math.floor(random() * 20))
    const made = articleEntry({ id, groups: filed.length > 0 ? filed : ['a'], body })
    sent.set(id, [...(sent.get(id) ?? []), Buffer.from(made.article.wire)])
    entry = random() < 0.5 ? alone(made) : made
  }
  if (random() < 0.15) poisoned.add(entry)
  return entry
}

/** Everything that is decided by: the groups, and what is known of each message-ID. */
async function stateOf({ active, history }: Storage, ids: Iterable<string>): Promise<unknown[]> {
  const found: unknown[] = active.all()
  for (const id of ids) found.push([id, await history.lookup(id)])
  return found
}

/** Articles that are none of those that were sent. */
async function spoilt({ reading }: Storage, sent: Run['sent']): Promise<string[]> {
  const wrong: string[] = []
  for (const [id, copies] of sent) {
    const stored = (await reading.articleById(id as MessageId))?.transfer.subarray(0, -3)
    if (stored !== undefined && !copies.some(copy => copy.equals(stored))) wrong.push(id)
  }
  return wrong
}

describe('a group of which something fails', () => {
  for (const seed of [1, 2, 3, 4, 5, 6])
    it(`leaves in memory what is durable, seed ${seed}`, async () => {
      const random = seeded(seed)
      const run: Run = { random, poisoned: new WeakSet(), sent: new Map() }
      const parts = await memoryParts()
      const sharedLog = new HeldLog()
      const storage = await testStorage({
        ...parts,
        sharedLog,
        apply: async (entry, draft) => {
          const decision = await apply(entry, draft)
          if (run.poisoned.has(entry)) throw new Error('half way')
          return decision
        },
      })
      const commit = async (entries: readonly Entry[]) => {
        const outcomes = entries.map(entry => storage.submit(entry))
        sharedLog.release()
        return Promise.all(outcomes)
      }
      await commit(groups.map(name => groupEntry('add', name)))
      const kinds = new Set<string>()
      for (let round = 0; round < 40; round++) {
        if (random() < 0.2) parts.disk.failNext('append', systemError('EIO', 'write'))
        const entries = Array.from({ length: 1 + Math.floor(random() * 8) }, () => someEntry(run))
        for (const { kind } of await commit(entries)) kinds.add(kind)
      }
      expect([...kinds].sort()).to.deep.equal(['deferred', 'duplicate', 'stored'])
      expect(await audit(storage.reading)).to.deep.equal([])
      expect(await spoilt(storage, run.sent)).to.deep.equal([])
      const before = await stateOf(storage, run.sent.keys())
      await storage.close()
      const again = await testStorage(await crashed(parts, random))
      expect(await stateOf(again, run.sent.keys())).to.deep.equal(before)
      expect(await spoilt(again, run.sent)).to.deep.equal([])
      await again.close()
    })
})
