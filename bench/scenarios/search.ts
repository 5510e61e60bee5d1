/** XSEARCH, one at a time, of the kinds that people ask: docs/extensions.md. */
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from '../client.ts'
import { type Bench, picks, quantile, type Sample, type Scenario } from '../scenario.ts'

const rounds = 60
const millisecondsBetweenLooks = 500

type Kind = 'rare' | 'common' | 'several' | 'author' | 'prefix' | 'phrase' | 'none'

/** Words that stand in most bodies of the bench. */
const usual = ['state', 'good', 'people', 'little', 'right', 'three', 'house', 'world', 'never', 'should']

function queries(bench: Bench): Record<Kind, (pick: (limit: number) => number) => string> {
  const { sizes, articles } = bench
  const word = (pick: (limit: number) => number) => usual[pick(usual.length)] ?? 'state'
  return {
    rare: pick => `subject:${pick(sizes.filled)}`,
    common: word,
    several: pick => `${word(pick)} ${word(pick)} -subject:${pick(sizes.filled)}`,
    author: pick => `from:reader${pick(97)} group:${articles.group(pick(sizes.groups))}`,
    prefix: pick => `${word(pick).slice(0, 3)}* from:reader${pick(97)}`,
    phrase: pick => `"${word(pick)} ${word(pick)}"`,
    none: pick => `nowhere${pick(1000)} state`,
  }
}

/** Until the last article of the series can be found. */
async function indexed(client: Client, { sizes }: Bench): Promise<void> {
  const empty = (await client.block('XSEARCH * nowhere')).octets
  while ((await client.block(`XSEARCH * subject:${sizes.filled - 1}`)).octets <= empty + 20)
    await sleep(millisecondsBetweenLooks)
}

export const search: Scenario = {
  name: 'search',
  title: 'XSEARCH, one at a time',
  stock: 'filled',
  metrics: (['rare', 'common', 'several', 'author', 'prefix', 'phrase', 'none'] as const).flatMap(kind => [
    { name: `${kind} median`, unit: 'ms', better: 'less' as const, goal: { value: 50 } },
    { name: `${kind} p99`, unit: 'ms', better: 'less' as const },
  ]),
  async measure(bench): Promise<Sample | undefined> {
    if (bench.server.target.name !== 'tidings') return undefined
    const client = await Client.reader(bench.server.readerPort)
    await indexed(client, bench)
    const pick = picks(31)
    const sample: Record<string, number> = {}
    for (const [kind, query] of Object.entries(queries(bench))) {
      const times: number[] = []
      for (let round = 0; round < rounds; round++) {
        const started = performance.now()
        await client.block(`XSEARCH * ${query(pick)}`)
        times.push(performance.now() - started)
      }
      sample[`${kind} median`] = quantile(times, 0.5)
      sample[`${kind} p99`] = quantile(times, 0.99)
    }
    await client.quit()
    return sample
  },
}
