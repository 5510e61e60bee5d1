/** One reader, one request at a time: what a newsreader feels. */
import { Client } from '../client.ts'
import { picks, quantile, type Sample, type Scenario } from '../scenario.ts'

const rounds = 1000
const slowRounds = 100
const commands = ['group', 'over', 'article'] as const
type Command = (typeof commands)[number]

export const latency: Scenario = {
  name: 'latency',
  title: 'one request at a time',
  stock: 'filled',
  metrics: commands.flatMap(name => [
    { name: `${name} median`, unit: 'ms', better: 'less', goal: { value: 0.3 } },
    { name: `${name} p99`, unit: 'ms', better: 'less' },
  ]),
  async measure({ server, articles, sizes }) {
    const client = await Client.reader(server.readerPort)
    const times: Record<Command, number[]> = { group: [], over: [], article: [] }
    const took = async (command: Command, act: () => Promise<unknown>) => {
      const started = performance.now()
      await act()
      times[command].push(performance.now() - started)
    }
    const pick = picks(29)
    const many = server.target.name === 'tidings' ? rounds : slowRounds
    for (let round = 0; round < many; round++) {
      let status = ''
      await took('group', async () => {
        status = await client.line(`GROUP ${articles.group(pick(sizes.groups))}`)
      })
      const [, , low = 1, high = 1] = status.split(' ').map(Number)
      const first = low + pick(high - low - 19)
      await took('over', () => client.block(`OVER ${first}-${first + 19}`))
      await took('article', () => client.block(`ARTICLE ${first}`))
    }
    await client.quit()
    return summary(times)
  },
}

function summary(times: Readonly<Record<Command, readonly number[]>>): Sample {
  const sample: Record<string, number> = {}
  for (const name of commands) {
    sample[`${name} median`] = quantile(times[name], 0.5)
    sample[`${name} p99`] = quantile(times[name], 0.99)
  }
  return sample
}
