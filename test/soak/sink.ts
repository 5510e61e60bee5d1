/** A peer that has every article already. RFC 4644 */
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'

export interface Sink extends AsyncDisposable {
  readonly port: number
  /** Articles it was offered. */
  readonly offered: number
}

export async function openSink(): Promise<Sink> {
  let offered = 0
  const sockets = new Set<Socket>()
  const answer = (line: string): string => {
    const [word = '', id = ''] = line.split(' ')
    if (word === 'CHECK') offered += 1
    if (word === 'CHECK') return `438 ${id}\r\n`
    if (word === 'MODE') return '203 Streaming\r\n'
    if (word === 'CAPABILITIES') return '101 List\r\nVERSION 2\r\nIHAVE\r\nSTREAMING\r\n.\r\n'
    return word === 'QUIT' ? '205 Bye\r\n' : '500 What?\r\n'
  }
  const server = createServer(socket => {
    sockets.add(socket)
    let rest = ''
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
    socket.on('data', (chunk: Buffer) => {
      const lines = (rest + chunk.toString('latin1')).split('\r\n')
      rest = lines.pop() ?? ''
      socket.write(lines.map(answer).join(''))
    })
    socket.write('200 Welcome\r\n')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    port,
    get offered() {
      return offered
    },
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}
