/**
 * Whether what readers see agrees with itself: counts with numbers, numbers with overview, both with the articles
 * and their Xref, message-IDs with numbers. Asks through `Reading` alone.
 */
import type { Group, Reading } from '../../src/storage/reading.ts'
import { numbers, overview } from './storage.ts'

/** Sentences about what is wrong; none where all is well. */
export async function audit(reading: Reading): Promise<string[]> {
  const faults: string[] = []
  for await (const groups of reading.groups())
    for (const group of groups) faults.push(...(await auditGroup(reading, group)))
  return faults
}

async function auditGroup(reading: Reading, group: Group): Promise<string[]> {
  const faults: string[] = []
  const fault = (what: string) => faults.push(`${group.name}: ${what}`)
  const present = await numbers(reading, group.id)
  const shown = await overview(reading, group.id)
  const lowest = present[0] ?? group.high + 1
  if (present.length !== group.count) fault(`count ${group.count}, numbers ${present.length}`)
  if (lowest < group.low) fault(`${lowest} is below the low mark ${group.low}`)
  if ((present.at(-1) ?? 0) > group.high) fault(`${present.at(-1)} is above the high mark ${group.high}`)
  if (group.count === 0 && group.low !== group.high + 1) fault(`empty with ${group.low} to ${group.high}`)
  const rows = shown.map(line => Number(line.split('\t')[0]))
  if (rows.join() !== present.join()) fault(`overview has ${rows}, numbers are ${present}`)
  const ids = new Set<string>()
  for (const [at, number] of present.entries()) {
    const located = await reading.locateNumber(group.id, number)
    const stored = located && (await reading.article(located.arrival))
    if (!located || !stored) {
      fault(`${number} leads to no article`)
      continue
    }
    if (ids.has(located.messageId)) fault(`${located.messageId} has two numbers`)
    ids.add(located.messageId)
    if ((await reading.locateId(located.messageId))?.arrival !== located.arrival)
      fault(`${number} and its message-ID ${located.messageId} differ`)
    if (JSON.stringify(stored.filings) !== JSON.stringify(located.filings))
      fault(`${number}: record and log row differ in where it is filed`)
    const line = shown[at] ?? ''
    const head = stored.head.toString('latin1')
    const xref = /^Xref: [^\r]*/.exec(head)?.[0] ?? ''
    if (!line.includes(`\t${located.messageId}\t`)) fault(`${number}: overview is of another article`)
    if (!line.endsWith(`\t${xref}`) || !xref.includes(` ${group.name}:${number}`))
      fault(`${number}: Xref differs: ${xref} / ${line}`)
  }
  return faults
}
