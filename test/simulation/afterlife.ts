/** Everything expires, and comes again from everywhere: nothing of it is taken, however much time has passed. */
import type { Node } from '../../src/feed/node.ts'
import type { MessageId } from '../../src/message-id.ts'
import type { Arrival } from '../../src/storage/reading.ts'
import type { Machine } from './machine.ts'
import type { World } from './world.ts'

const day = 86_400_000

/** Adds a sentence to `wrong` for each article that lives on or comes back. */
export async function afterlife(world: World, wrong: string[]): Promise<void> {
  const copies = new Map<Machine, ReadonlyMap<MessageId, Buffer>>()
  for (const machine of world.machines)
    if (machine.node) copies.set(machine, await world.during(copiesOf(machine.node)))
  await world.idle(day)
  const expire = [{ groups: '*', keep_days: 0.5, keep_articles: 0, keep_bytes: 0 }]
  for (const machine of world.machines) await machine.reload({ ...machine.config, expire })
  for (const [machine, taken] of copies) await world.during(expired(machine, taken, wrong))
  // Rounds are made by hand from here on: the timers of so many days would take long.
  for (const machine of world.machines) await machine.reload({ ...machine.config, expire: [] })
  for (let left = world.plan.cutoffDays + 2; left > 0; left -= 4) {
    for (const [machine, taken] of copies) await world.during(offeredAgain(machine, taken, wrong))
    await world.idle(4 * day)
  }
  for (const [machine, taken] of copies) await world.during(offeredAgain(machine, taken, wrong))
}

async function copiesOf({ storage: { reading } }: Node): Promise<ReadonlyMap<MessageId, Buffer>> {
  const copies = new Map<MessageId, Buffer>()
  let rows = await reading.arrivals(0 as Arrival, 500)
  while (rows.length > 0) {
    for (const { kind, arrival, messageId } of rows) {
      const stored = kind === 'article' ? await reading.article(arrival) : undefined
      if (stored && messageId !== '') copies.set(messageId, stored.transfer)
    }
    rows = await reading.arrivals(rows.at(-1)?.arrival ?? reading.newest, 500)
  }
  return copies
}

type Copies = ReadonlyMap<MessageId, Buffer>

async function expired({ name, node }: Machine, copies: Copies, wrong: string[]): Promise<void> {
  if (node === undefined) return
  await node.expirer.round()
  const { active, reading } = node.storage
  if (active.articles > 0) wrong.push(`${name}: ${active.articles} articles have not expired`)
  for (const id of copies.keys()) if (await reading.locateId(id)) wrong.push(`${name}: ${id} is still found`)
}

async function offeredAgain({ name, node }: Machine, copies: Copies, wrong: string[]): Promise<void> {
  if (node === undefined) return
  const connection = Symbol(name)
  const source = { peer: 'late.example', aliases: [], address: '192.0.2.77', accepts: () => true, connection }
  for (const [id, transfer] of copies) {
    // As from a site that has not had it from here.
    const text = transfer.toString('latin1').replace(/^Path: .*\r\n/m, 'Path: late.example!not-for-mail\r\n')
    const wire = Buffer.from(text.replace(/\.\r\n$/, ''), 'latin1')
    const verdict = await node.feed.transfer(id, { wire }, source)
    if (verdict.kind !== 'rejected') wrong.push(`${name}: ${id} came back: ${verdict.kind}`)
    else if (verdict.reason.name !== 'duplicate' && verdict.reason.name !== 'too-old')
      wrong.push(`${name}: ${id} was refused as ${verdict.reason.name}`)
  }
}
