/** The longest wait of a reader and of a peer while the node is backed up, and the same time without a backup. */
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Articles } from '../articles.ts'
import { Client } from '../client.ts'
import { median, picks, type Sample, type Scenario, timed } from '../scenario.ts'

/** Backups of all articles, each behind a time without one. */
const rounds = 3
/** Milliseconds. */
const between = { reads: 1, articles: 5 }

/** Longest waits, milliseconds. */
interface Waits {
  reader: number
  peer: number
}

const metric = (name: string, goal?: number) =>
  ({ name, unit: 'ms', better: 'less', ...(goal && { goal: { value: goal } }) }) as const

export const backup: Scenario = {
  name: 'backup',
  title: 'longest wait while a backup runs',
  stock: 'filled',
  metrics: [
    metric('reader, no backup'),
    metric('reader, backup', 50),
    metric('peer, no backup'),
    metric('peer, backup', 50),
    { name: 'backup', unit: 's', better: 'less' },
  ],
  async measure({ server, articles, sizes, directory }) {
    const { feedPort } = server
    if (server.command === undefined || feedPort === undefined) return undefined
    const folder = join(directory, 'backup')
    mkdirSync(folder, { recursive: true })
    let waits: Waits = { reader: 0, peer: 0 }
    let over = false
    const pick = picks(31)
    const repeat = async (who: keyof Waits, act: (client: Client) => Promise<unknown>, rest: number) => {
      const client = await Client.reader(feedPort)
      while (!over) {
        const took = (await timed(() => act(client))) * 1000
        waits[who] = Math.max(waits[who], took)
        await sleep(rest)
      }
      await client.quit()
    }
    const groups = Array.from({ length: sizes.groups }, (_, at) => articles.group(at))
    // Another series each time: the store keeps what came before.
    const series = `backup${Math.round(performance.now())}`
    const incoming = new Articles({ octets: sizes.octets, groups, series })
    let next = 0
    const reading = repeat('reader', it => it.line(`STAT ${articles.id(pick(sizes.filled))}`), between.reads)
    const feeding = repeat(
      'peer',
      async client => {
        const status = await client.line(incoming.takethis(next++).toString('latin1').slice(0, -2))
        if (!status.startsWith('239')) throw new Error(status)
      },
      between.articles,
    )
    const clients = Promise.all([reading, feeding])
    const seen: Seen[] = []
    const backups = async () => {
      for (let round = 0; round < rounds; round++) {
        rmSync(folder, { recursive: true })
        waits = { reader: 0, peer: 0 }
        const during = waits
        const seconds = await timed(async () => server.command?.(['backup', folder]))
        waits = { reader: 0, peer: 0 }
        const without = waits
        await sleep(seconds * 1000)
        seen.push({ without, during, seconds })
      }
    }
    // The clients end only where they fail.
    await Promise.race([backups(), clients])
    over = true
    await clients
    return summary(seen)
  },
}

interface Seen {
  readonly without: Waits
  readonly during: Waits
  readonly seconds: number
}

function summary(seen: readonly Seen[]): Sample {
  return {
    'reader, no backup': median(seen.map(({ without }) => without.reader)),
    'reader, backup': median(seen.map(({ during }) => during.reader)),
    'peer, no backup': median(seen.map(({ without }) => without.peer)),
    'peer, backup': median(seen.map(({ during }) => during.peer)),
    backup: median(seen.map(({ seconds }) => seconds)),
  }
}
