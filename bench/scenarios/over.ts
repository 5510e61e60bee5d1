/** Overview of whole groups on one connection. RFC 3977 8.3 */
import { Client } from '../client.ts'
import type { Scenario } from '../scenario.ts'

const leastSeconds = 2

export const over: Scenario = {
  name: 'over',
  title: 'OVER of whole groups, 1 connection',
  stock: 'filled',
  metrics: [
    { name: 'rate', unit: 'lines/s', better: 'more', goal: { times: 3 } },
    { name: 'octets', unit: 'MB/s', better: 'more' },
  ],
  async measure({ server, articles, sizes }) {
    const client = await Client.reader(server.readerPort)
    let lines = 0
    let octets = 0
    const started = performance.now()
    let seconds = 0
    while (seconds < leastSeconds) {
      for (let group = 0; group < sizes.groups; group++) {
        const status = await client.line(`GROUP ${articles.group(group)}`)
        const [, count, low, high] = status.split(' ')
        octets += (await client.block(`OVER ${low}-${high}`)).octets
        lines += Number(count)
      }
      seconds = (performance.now() - started) / 1000
    }
    await client.quit()
    return { rate: lines / seconds, octets: octets / seconds / 1e6 }
  },
}
