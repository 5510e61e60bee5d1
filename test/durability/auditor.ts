/** Asks a node over NNTP whether it still has what it ever acknowledged, and agrees with itself. */
import { connect } from 'node:net'
import { RawClient } from '../support/raw-client.ts'
import { expiringGroup, groups, keptArticles, rowsOf, select } from './load.ts'
import type { Recorder } from './recorder.ts'

/** What is looked at: everything, or the newest and some of the rest, which costs the same however much there is. */
export type Depth = 'all' | { readonly newest: number; readonly some: number; readonly random: () => number }

/** Sentences about what is wrong; none where all is well. */
export async function auditOverNntp(
  port: number,
  recorder: Recorder,
  depth: Depth = 'all',
): Promise<string[]> {
  const client = new RawClient(connect(port, '127.0.0.1'))
  await client.line()
  const faults: string[] = []
  for (const group of groups)
    faults.push(
      ...(depth === 'all'
        ? await auditGroup(client, group, recorder)
        : await auditNewest(client, { group, recorder, newest: depth.newest })),
    )
  faults.push(...(await auditArticles(client, recorder, chosen(recorder, depth))))
  client.send('QUIT\r\n')
  await client.rest()
  return faults
}

function chosen({ acknowledged }: Recorder, depth: Depth): Iterable<string> {
  if (depth === 'all') return acknowledged
  const all = [...acknowledged]
  const some = Array.from({ length: depth.some }, () => all[Math.floor(depth.random() * all.length)])
  return new Set([...all.slice(-depth.newest), ...some.filter(id => id !== undefined)])
}

interface Newest {
  readonly group: string
  readonly recorder: Recorder
  readonly newest: number
}

async function auditNewest(client: RawClient, { group, recorder, newest }: Newest): Promise<string[]> {
  const { low, high } = await select(client, group)
  client.send(`OVER ${Math.max(1, high - newest)}-\r\n`)
  const rows = (await client.line()).startsWith('224') ? rowsOf(await client.block()) : []
  return [...recorder.sawLow(group, low), ...recorder.saw(group, high, rows)]
}

async function auditGroup(client: RawClient, group: string, recorder: Recorder): Promise<string[]> {
  const faults: string[] = []
  const { count, low, high } = await select(client, group)
  client.send(`LISTGROUP ${group}\r\n`)
  await client.line()
  const numbers = (await client.block()).map(Number)
  client.send('OVER 1-\r\n')
  const rows = (await client.line()).startsWith('224') ? rowsOf(await client.block()) : []
  if (rows.map(([number]) => number).join() !== numbers.join())
    faults.push(`${group}: OVER and LISTGROUP differ`)
  if (count !== numbers.length) faults.push(`${group}: count ${count}, but ${numbers.length} numbers`)
  if (numbers.length > 0 && (numbers[0] !== low || (numbers.at(-1) ?? 0) > high))
    faults.push(`${group}: numbers ${numbers[0]} to ${numbers.at(-1)}, marks ${low} to ${high}`)
  if (new Set(rows.map(([, id]) => id)).size !== rows.length)
    faults.push(`${group}: a message-ID with two numbers`)
  if (group === expiringGroup && (numbers.at(-1) ?? 0) >= keptArticles && numbers.length < keptArticles)
    faults.push(`${group}: only ${numbers.length} articles are left`)
  return [...faults, ...recorder.sawLow(group, low), ...recorder.saw(group, high, rows)]
}

async function auditArticles(
  client: RawClient,
  recorder: Recorder,
  ids: Iterable<string>,
): Promise<string[]> {
  const { sent } = recorder
  const faults: string[] = []
  const asked = [...ids]
  client.send(asked.map(id => `BODY ${id}\r\n`).join(''))
  for (const id of asked) {
    const line = await client.line()
    const there = line.startsWith('222')
    faults.push(...recorder.found(id, there))
    if (there && (await client.block()).join('\n') !== sent.get(id)?.body.join('\n'))
      faults.push(`${id} has another body`)
  }
  return faults
}
