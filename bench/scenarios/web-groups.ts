/** The list of very many groups in the web reader: all of them, one hierarchy, a filter; and what it holds up. */
import { Client } from '../client.ts'
import { quantile, type Scenario, timed } from '../scenario.ts'

const rounds = 20
/** `bench` has them all. */
const pages = { all: '/', hierarchy: '/h/bench/', filter: '/?q=g77' } as const

export const webGroups: Scenario = {
  name: 'web-groups',
  title: 'the web list of many groups',
  stock: 'many groups',
  metrics: [
    { name: 'all', unit: 'ms CPU', better: 'less', goal: { value: 30 } },
    { name: 'hierarchy', unit: 'ms CPU', better: 'less', goal: { value: 30 } },
    { name: 'filter', unit: 'ms CPU', better: 'less' },
    { name: 'held up', unit: 'ms', better: 'less', goal: { value: 10 } },
  ],
  async measure({ server }) {
    const { webPort } = server
    if (webPort === undefined) return undefined
    const ask = async (path: string) => {
      const answer = await fetch(`http://127.0.0.1:${webPort}${path}`)
      if (!answer.ok) throw new Error(`${path}: ${answer.status}`)
      await answer.arrayBuffer()
    }
    const cost = async (path: string) => {
      await ask(path)
      const before = server.usage().cpu
      for (let round = 0; round < rounds; round++) await ask(path)
      return ((server.usage().cpu - before) / rounds) * 1000
    }
    const all = await cost(pages.all)
    const hierarchy = await cost(pages.hierarchy)
    const filter = await cost(pages.filter)
    return { all, hierarchy, filter, 'held up': await heldUp(server.readerPort, () => ask(pages.filter)) }
  },
}

/** The 99th percentile of what a reader waits for GROUP while pages are made one after the other, milliseconds. */
async function heldUp(port: number, page: () => Promise<void>): Promise<number> {
  const client = await Client.reader(port)
  const times: number[] = []
  let left: number = rounds
  const busy = (async () => {
    for (; left > 0; left--) await page()
  })()
  while (left > 0) times.push(await timed(() => client.line('GROUP bench.g1')))
  await busy
  await client.quit()
  return quantile(times, 0.99) * 1000
}
