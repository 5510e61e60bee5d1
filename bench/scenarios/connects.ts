/** Connections: how fast they come and go, and what one costs that does nothing. */
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect as connectTls } from 'node:tls'
import { Client } from '../client.ts'
import type { Sample, Scenario } from '../scenario.ts'
import { settled } from '../settled.ts'
import type { Server } from '../target.ts'
import { visit } from '../visitors.ts'

const atOnce = 8
const comings = 20_000
const slowComings = 400

export const connects: Scenario = {
  name: 'connects',
  title: 'connect, greeting, QUIT; 8 at once',
  stock: 'filled',
  metrics: [
    { name: 'rate', unit: 'connects/s', better: 'more', goal: { times: 2 } },
    { name: 'cpu', unit: 'µs CPU/connect', better: 'less' },
  ],
  async measure({ server, directory }) {
    const count = server.target.name.startsWith('inn') ? slowComings : comings
    await settled(server)
    const before = server.usage().cpu
    const seconds = await visit({ port: server.readerPort, count, atOnce, directory })
    return { rate: count / seconds, cpu: ((server.usage().cpu - before) / count) * 1e6 }
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
    { name: 'memory', unit: 'kB each', better: 'less', goal: { value: 8 } },
  ],
  measure({ server, sizes }) {
    const count = server.target.name.startsWith('inn') ? Math.min(sizes.idle, mostProcesses) : sizes.idle
    return memoryOf({ server, count }, async () => (await Client.reader(server.readerPort)).socket)
  },
}

const secured = 2000

export const idleSecured: Scenario = {
  name: 'idle-tls',
  title: 'idle readers under TLS',
  stock: 'filled',
  metrics: [
    { name: 'connections', unit: 'connections', better: 'more' },
    { name: 'memory', unit: 'kB each', better: 'less', goal: { value: 80 } },
  ],
  measure: async ({ server }) =>
    server.target.name === 'tidings'
      ? memoryOf({ server, count: secured }, () => securedReader(server.readerPort))
      : undefined,
}

async function securedReader(port: number): Promise<Socket> {
  const { socket: below } = await Client.open(port).then(async client => {
    await client.line('STARTTLS')
    return client
  })
  below.removeAllListeners('data')
  const socket = connectTls({ socket: below, rejectUnauthorized: false })
  socket.on('error', () => {})
  await once(socket, 'secureConnect')
  socket.write('MODE READER\r\n')
  await once(socket, 'data')
  return socket
}

/** The first of them make the memory grow that is there for all, and are not counted. */
const firstPart = 0.2

/** Private memory of the server for each of the last of `count` connections that do nothing. */
async function memoryOf(
  { server, count }: { readonly server: Server; readonly count: number },
  open: () => Promise<Socket>,
): Promise<Sample> {
  // What earlier clients left behind would be counted, or be freed meanwhile.
  await server.stop()
  await server.start()
  await settled(server)
  const sockets: Socket[] = []
  const memoryAt = async (wanted: number) => {
    while (sockets.length < wanted) {
      const some = Math.min(50, wanted - sockets.length)
      sockets.push(...(await Promise.all(Array.from({ length: some }, open))))
    }
    await sleep(settleMilliseconds)
    return server.usage().memory
  }
  const first = Math.floor(count * firstPart)
  const before = await memoryAt(first)
  const memory = ((await memoryAt(count)) - before) / (count - first) / 1000
  const connections = sockets.filter(socket => !socket.destroyed).length
  for (const socket of sockets) socket.destroy()
  await sleep(settleMilliseconds)
  return { connections, memory }
}
