import { once } from 'node:events'
import { connect as connectTcp, type Socket } from 'node:net'
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls'
import { expect } from 'chai'
import { systemClock } from '../../../src/clock.ts'
import { configSchema } from '../../../src/config/config.ts'
import { Listeners } from '../../../src/web/http/listeners.ts'
import { keyPair, pemPair } from '../../support/certificates.ts'
import { ManualClock } from '../../support/manual-clock.ts'
import { goodForm, WebFixture } from '../../support/web-fixture.ts'

async function secureWeb(
  more: { readonly web?: object; readonly descriptors?: number; readonly clock?: ManualClock } = {},
) {
  const { web = {}, ...options } = more
  const site = new WebFixture()
  let pair = keyPair(pemPair({ names: ['first.example'] }))
  site.config = configSchema.parse({
    listen: { web: ['127.0.0.1:0'], webs: ['127.0.0.1:0'] },
    tls: { cert: 'a', key: 'b' },
    node: { path_identity: 'news.test' },
    web,
  })
  site.reading.addGroup('local.test')
  await site.start({ keyPair: () => pair, ...options })
  return {
    site,
    renew() {
      pair = keyPair(pemPair({ names: ['second.example'] }))
      site.reload()
    },
    [Symbol.asyncDispose]: () => site.close(),
  }
}

function handshake({ secureHost }: WebFixture, options: ConnectionOptions = {}): Promise<TLSSocket> {
  const port = Number(secureHost.split(':')[1])
  const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false, ...options })
  return new Promise((resolve, reject) => {
    socket.once('secureConnect', () => resolve(socket))
    socket.once('error', reject)
    socket.once('close', () => reject(new Error('closed in the handshake')))
  })
}

/** Everything that comes before the end, whatever ends it. */
async function received(socket: Socket): Promise<string> {
  const chunks: Buffer[] = []
  socket.on('data', chunk => chunks.push(chunk))
  socket.on('error', () => {})
  await once(socket, 'close').catch(() => {})
  return Buffer.concat(chunks).toString('latin1')
}

const hsts = 'strict-transport-security'

describe('web: listeners', () => {
  it('shows pages over TLS, and says there alone that the name is to be asked under TLS', async () => {
    await using web = await secureWeb()
    const page = await web.site.ask('/', { secure: true })
    expect(page.status).to.equal(200)
    expect(page.headers[hsts]).to.equal('max-age=63072000')
    expect((await web.site.ask('/')).headers[hsts]).to.equal(undefined)
    // Pages that are none of ours are answered under TLS all the same.
    const lost = await web.site.ask('/nowhere', { secure: true })
    expect([lost.status, lost.headers[hsts]]).to.deep.equal([404, 'max-age=63072000'])
  })

  it('posts over TLS with a cookie that no other name can set', async () => {
    await using web = await secureWeb()
    const { site } = web
    const first = await site.ask('/post', { secure: true })
    expect(first.headers['set-cookie']?.[0])
      .to.match(/^__Host-tidings=/)
      .and.match(/; Secure/)
    const { fields, cookie } = await site.openForm('/post', { secure: true })
    const form = { ...fields, ...goodForm }
    const send = (origin: string) =>
      site.ask('/post', { form, secure: true, headers: { Cookie: cookie, Origin: origin } })
    expect((await send(`http://${site.secureHost}`)).status).to.equal(403)
    expect((await send('https://elsewhere.example')).status).to.equal(403)
    expect((await send(`https://${site.secureHost}`)).status).to.equal(303)
    expect(site.feed.injected).to.have.length(1)
  })

  it('gives a plain cookie in the clear', async () => {
    await using web = await secureWeb()
    const page = await web.site.ask('/post')
    expect(page.headers['set-cookie']?.[0])
      .to.match(/^tidings=/)
      .and.not.match(/Secure/)
  })

  it('shows another certificate after a reload, while requests on old connections go on', async () => {
    await using web = await secureWeb()
    const old = await handshake(web.site)
    web.renew()
    const next = await handshake(web.site)
    expect(old.getPeerCertificate().subject.CN).to.equal('first.example')
    expect(next.getPeerCertificate().subject.CN).to.equal('second.example')
    next.destroy()
    old.write(`GET / HTTP/1.1\r\nHost: ${web.site.secureHost}\r\nConnection: close\r\n\r\n`)
    expect(await received(old)).to.match(/^HTTP\/1\.1 200 /)
  })

  it('speaks HTTP/1.1 and turns away who names other protocols alone', async () => {
    await using web = await secureWeb()
    const socket = await handshake(web.site, { ALPNProtocols: ['h2', 'http/1.1'] })
    expect(socket.alpnProtocol).to.equal('http/1.1')
    socket.destroy()
    for (const ALPNProtocols of [['nntp'], ['h2']]) {
      const fault = await handshake(web.site, { ALPNProtocols }).catch((error: unknown) => error)
      expect(String(fault)).to.match(/no application protocol|closed/)
    }
  })

  it('echoes nothing of what a newsreader sends', async () => {
    await using web = await secureWeb()
    const commands = 'MODE READER\r\nPOST\r\nSubject: <script>alert(1)</script>\r\n\r\n.\r\nQUIT\r\n'
    const secure = await handshake(web.site)
    secure.write(commands)
    expect(await received(secure))
      .to.match(/^(HTTP\/1\.1 400 |$)/)
      .and.not.match(/script|MODE|Subject/)
    const plain = connectTcp(Number(web.site.secureHost.split(':')[1]), '127.0.0.1')
    plain.write(commands)
    expect(await received(plain)).not.to.match(/script|MODE|Subject/)
  })

  it('leaves the last descriptors to the store', async () => {
    await using web = await secureWeb({ descriptors: 64 })
    const fault = await handshake(web.site).catch((error: unknown) => error)
    expect(fault).to.be.an.instanceOf(Error)
  })

  it('ends although a handshake never does', async () => {
    const clock = new ManualClock()
    const web = await secureWeb({ clock })
    const silent = connectTcp(Number(web.site.secureHost.split(':')[1]), '127.0.0.1')
    await once(silent, 'connect')
    const gone = received(silent)
    const closed = web[Symbol.asyncDispose]()
    await clock.advance(3000)
    await Promise.all([closed, gone])
  })

  it('lets go of who takes nothing of an answer, and of nobody who waits for one', async function () {
    this.timeout(60_000)
    const config = configSchema.parse({
      listen: { web: ['127.0.0.1:0'] },
      node: { path_identity: 'news.test' },
      limits: { stalled_output_seconds: 1 },
    })
    let gone = Promise.resolve<unknown>(undefined)
    const listeners = new Listeners({
      config: () => config,
      clock: systemClock,
      answer: (incoming, outgoing) => {
        if (incoming.url === '/large') {
          gone = once(incoming.socket, 'close')
          outgoing.end(Buffer.alloc(50_000_000, 'x'))
        } else incoming.socket.once('timeout', () => outgoing.end('at last'))
      },
    })
    await listeners.open()
    const port = Number(listeners.addresses('web')[0]?.split(':')[1])
    const ask = (path: string) => {
      const socket = connectTcp(port, '127.0.0.1')
      socket.write(`GET ${path} HTTP/1.1\r\nHost: news.test\r\n\r\n`)
      return socket
    }
    const late = received(ask('/late'))
    const deaf = ask('/large')
    // It has begun to come, and is not taken.
    await once(deaf, 'readable')
    await gone
    deaf.destroy()
    await listeners.close()
    expect(await late).to.match(/at last$/)
  })
})
