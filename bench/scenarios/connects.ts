/** Connections: how fast they come and go, and what one costs that does nothing. */
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from '../client.ts'
import { type Scenario, timed } from '../scenario.ts'

const atOnce = 8
const comings = 4000
const slowComings = 400

export const connects: Scenario = {
  name: 'connects',
  title: 'connect, greeting, QUIT; 8 at once',
  stock: 'filled',
  metrics: [{ name: 'rate', unit: 'connects/s', better: 'more' }],
  async measure({ server }) {
    const total = server.target.name === 'tidings' ? comings : slowComings
    let left = total
    const visitor = async () => {
      while (left-- > 0) {
        const client = await Client.open(server.readerPort)
        await client.quit()
      }
    }
    const seconds = await timed(() => Promise.all(Array.from({ length: atOnce }, visitor)))
    return { rate: total / seconds }
  },
}

/** A process each: more would measure the machine. */
const mostProcesses = 200
const settleMilliseconds = 3000

export const idle: Scenario = {
  name: 'idle',
  title: 'idle readers',
  stock: 'filled',
  metrics: [
    { name: 'connections', unit: 'connections', better: 'more' },
    { name: 'memory', unit: 'kB each', better: 'less', goal: { value: 12 } },
  ],
  async measure({ server, sizes }) {
    const count = server.target.name === 'tidings' ? sizes.idle : Math.min(sizes.idle, mostProcesses)
    // What earlier clients left behind would be counted, or be freed meanwhile.
    await server.stop()
    await server.start()
    await sleep(settleMilliseconds)
    const before = server.usage().memory
    const clients: Client[] = []
    while (clients.length < count) {
      const some = Math.min(50, count - clients.length)
      clients.push(
        ...(await Promise.all(Array.from({ length: some }, () => Client.reader(server.readerPort)))),
      )
    }
    await sleep(settleMilliseconds)
    const memory = (server.usage().memory - before) / count / 1000
    const open = clients.filter(client => !client.socket.destroyed).length
    for (const client of clients) client.destroy()
    await sleep(settleMilliseconds)
    return { connections: open, memory }
  },
}
