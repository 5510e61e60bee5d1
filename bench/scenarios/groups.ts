/** A server with very many groups: the list of all of them, and how long a start takes. RFC 3977 7.6.3 */
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from '../client.ts'
import { median, type Scenario, timed } from '../scenario.ts'

const rounds = 5
const sampleMilliseconds = 5
const settleMilliseconds = 3000
const mega = 1e6

export const listActive: Scenario = {
  name: 'list-active',
  title: 'LIST ACTIVE of many groups',
  stock: 'many groups',
  metrics: [
    { name: 'time', unit: 'ms', better: 'less', goal: { value: 100 } },
    { name: 'growth', unit: 'MB', better: 'less' },
  ],
  async measure({ server }) {
    const client = await Client.reader(server.readerPort)
    await client.block('LIST ACTIVE')
    const before = server.usage().memory
    let most = before
    const sampler = setInterval(() => {
      most = Math.max(most, server.usage().memory)
    }, sampleMilliseconds)
    const times: number[] = []
    for (let round = 0; round < rounds; round++) times.push(await timed(() => client.block('LIST ACTIVE')))
    clearInterval(sampler)
    await client.quit()
    return { time: median(times) * 1000, growth: Math.max(0, most - before) / mega }
  },
}

export const start: Scenario = {
  name: 'start',
  title: 'start with many groups',
  stock: 'many groups',
  metrics: [
    { name: 'time', unit: 's', better: 'less', goal: { value: 3 } },
    { name: 'memory', unit: 'MB', better: 'less', goal: { value: 200 } },
  ],
  async measure({ server }) {
    await server.stop()
    const time = await timed(() => server.start())
    await sleep(settleMilliseconds)
    return { time, memory: server.usage().memory / mega }
  },
}
