/** Whole articles, 16 requests deep on one connection, in an order that no cache likes. RFC 3977 6.2.1 */
import { BlockCounter, Client } from '../client.ts'
import { pipeline } from '../pipeline.ts'
import { type Bench, picks, type Scenario, timed } from '../scenario.ts'

const depth = 16
const requests = 20_000
/** INN takes 40 ms for some answers: enough of them tell as much. */
const slowRequests = 4000

const rate: Scenario['metrics'] = [
  { name: 'rate', unit: 'articles/s', better: 'more', goal: { times: 4 } },
  { name: 'cpu', unit: 'µs CPU/article', better: 'less' },
]

function count({ server }: Bench): number {
  return server.target.name.startsWith('inn') ? slowRequests : requests
}

export const articleByNumber: Scenario = {
  name: 'article',
  title: 'ARTICLE by number, 16 deep, 1 connection',
  stock: 'filled',
  metrics: rate,
  async measure(bench) {
    const { server, articles, sizes } = bench
    const client = await Client.reader(server.readerPort)
    const pick = picks(17)
    const rounds = 10
    let seconds = 0
    const before = server.usage().cpu
    for (let round = 0; round < rounds; round++) {
      const status = await client.line(`GROUP ${articles.group(round)}`)
      const [, , low = 1, high = 1] = status.split(' ').map(Number)
      const counter = new BlockCounter()
      const fetched = Math.ceil(count(bench) / rounds)
      const request = () => `ARTICLE ${low + pick(Math.min(high - low + 1, sizes.filled))}\r\n`
      seconds += await timed(() =>
        pipeline({ client, requests: fetched, depth, request, count: chunk => counter.push(chunk) }),
      )
      client.collect()
    }
    const cpu = ((server.usage().cpu - before) / count(bench)) * 1e6
    await client.quit()
    return { rate: count(bench) / seconds, cpu }
  },
}

export const articleById: Scenario = {
  name: 'article-id',
  title: 'ARTICLE by message-ID, 16 deep, 1 connection',
  stock: 'filled',
  metrics: rate,
  async measure(bench) {
    const { server, articles, sizes } = bench
    const client = await Client.reader(server.readerPort)
    const pick = picks(23)
    const counter = new BlockCounter()
    const request = () => `ARTICLE ${articles.id(pick(sizes.filled))}\r\n`
    const before = server.usage().cpu
    const seconds = await timed(() =>
      pipeline({ client, requests: count(bench), depth, request, count: chunk => counter.push(chunk) }),
    )
    const cpu = ((server.usage().cpu - before) / count(bench)) * 1e6
    await client.quit()
    return { rate: count(bench) / seconds, cpu }
  },
}
