/** Overview of whole groups, on one connection and on eight at once. RFC 3977 8.3 */
import { Client } from '../client.ts'
import type { Bench, Sample, Scenario } from '../scenario.ts'

const leastSeconds = 2

const metrics = (times: number): Scenario['metrics'] => [
  { name: 'rate', unit: 'lines/s', better: 'more', goal: { times } },
  { name: 'octets', unit: 'MB/s', better: 'more' },
  { name: 'cpu', unit: 'µs CPU/line', better: 'less' },
]

async function measure({ server, articles, sizes }: Bench, connections: number): Promise<Sample> {
  const before = server.usage().cpu
  const started = performance.now()
  const elapsed = () => (performance.now() - started) / 1000
  const read = async () => {
    const client = await Client.reader(server.readerPort)
    const sum = { lines: 0, octets: 0 }
    while (elapsed() < leastSeconds) {
      for (let group = 0; group < sizes.groups; group++) {
        const status = await client.line(`GROUP ${articles.group(group)}`)
        const [, count, low, high] = status.split(' ')
        sum.octets += (await client.block(`OVER ${low}-${high}`)).octets
        sum.lines += Number(count)
      }
    }
    await client.quit()
    return sum
  }
  const sums = await Promise.all(Array.from({ length: connections }, read))
  const seconds = elapsed()
  const total = (of: 'lines' | 'octets') => sums.reduce((sum, each) => sum + each[of], 0)
  const cpu = ((server.usage().cpu - before) / total('lines')) * 1e6
  return { rate: total('lines') / seconds, octets: total('octets') / seconds / 1e6, cpu }
}

export const over: Scenario = {
  name: 'over',
  title: 'OVER of whole groups, 1 connection',
  stock: 'filled',
  metrics: metrics(8),
  measure: bench => measure(bench, 1),
}

export const overByMany: Scenario = {
  name: 'over-8',
  title: 'OVER of whole groups, 8 connections',
  stock: 'filled',
  metrics: metrics(4),
  measure: bench => measure(bench, 8),
}
