import { type AddressInfo, createServer, type Server } from 'node:net'
import { expect } from 'chai'
import { CannotListen, listen, type Place } from '../src/listen.ts'

const failure = (server: Server, place: Place) =>
  listen(server, { key: 'listen.web', place }).then(
    () => undefined,
    (error: unknown) => error,
  )

describe('listen', () => {
  it('names the address and the key where another program listens', async () => {
    const first = createServer()
    await listen(first, { key: 'listen.nntp', place: '127.0.0.1:0' })
    const { port } = first.address() as AddressInfo
    const error = await failure(createServer(), `127.0.0.1:${port}`)
    first.close()
    expect(error).to.be.instanceOf(CannotListen)
    expect(error)
      .to.have.property('message')
      .that.matches(new RegExp(`127\\.0\\.0\\.1:${port}: another program listens there.*listen\\.web`))
  })

  it('names the key where the address is none of ours, or none at all', async () => {
    for (const address of ['192.0.2.1:0', 'nowhere'])
      expect(await failure(createServer(), address))
        .to.be.instanceOf(CannotListen)
        .and.have.property('message')
        .that.contains(address)
        .and.contains('listen.web')
  })

  it('leaves the server without a listener for errors of its own', async () => {
    const server = createServer()
    await listen(server, { key: 'listen.nntp', place: '127.0.0.1:0' })
    expect(server.listenerCount('error')).to.equal(0)
    server.close()
  })
})
