import { request } from 'node:http'
import { connect } from 'node:net'
import { expect } from 'chai'
import { CannotListen } from '../../src/listen.ts'
import { silentLog } from '../../src/log.ts'
import { Admin } from '../../src/server/admin.ts'
import { createMetrics } from '../../src/server/metrics.ts'

describe('admin listener', () => {
  let admin: Admin
  let troubles: string[]
  let port: number
  beforeEach(async () => {
    troubles = []
    admin = await Admin.open({
      listen: ['127.0.0.1:0', '[::1]:0'],
      metrics: createMetrics(),
      troubles: () => troubles,
      hosts: ['news.example.org'],
      log: silentLog,
    })
    port = Number(admin.addresses[0]?.split(':')[1])
  })
  afterEach(() => admin.close())

  function ask(path: string, options: { method?: string; host?: string } = {}) {
    return new Promise<{ status: number; text: string; type: string }>((resolve, reject) => {
      const headers = { host: options.host ?? `127.0.0.1:${port}` }
      request({ host: '127.0.0.1', port, path, method: options.method ?? 'GET', headers }, response => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            text: Buffer.concat(chunks).toString(),
            type: response.headers['content-type'] ?? '',
          }),
        )
      })
        .on('error', reject)
        .end()
    })
  }

  it('shows metrics', async () => {
    const { status, text, type } = await ask('/metrics')
    expect(status).to.equal(200)
    expect(type).to.match(/^text\/plain; version=/)
    expect(text).to.contain('# TYPE tidings_articles_total counter')
  })

  it('is healthy while it runs, and ready while it has no trouble', async () => {
    expect(await ask('/readyz')).to.include({ status: 200, text: 'ready\n' })
    troubles = ['no space', 'paused']
    expect(await ask('/readyz')).to.include({ status: 503, text: 'no space\npaused\n' })
    expect(await ask('/healthz')).to.include({ status: 200, text: 'ok\n' })
  })

  it('knows no other path and no other method', async () => {
    expect((await ask('/')).status).to.equal(404)
    expect((await ask('//')).status).to.equal(404)
    expect((await ask('/metrics', { method: 'POST' })).status).to.equal(405)
    expect(await ask('/metrics', { method: 'HEAD' })).to.include({ status: 200, text: '' })
  })

  it('answers to its own names only', async () => {
    for (const host of ['localhost', 'LOCALHOST:1', '[::1]:9', '192.0.2.1:9', 'news.example.org:9119'])
      expect((await ask('/healthz', { host })).status, host).to.equal(200)
    for (const host of ['evil.example', 'evil.example:9119', 'localhost.evil.example'])
      expect((await ask('/healthz', { host })).status, host).to.equal(421)
  })

  it('says where it listens, and closes though a client stays', async () => {
    expect(admin.addresses[1]).to.match(/^\[::1\]:\d+$/)
    const socket = connect(port, '127.0.0.1')
    await new Promise(resolve => socket.once('connect', resolve))
    const gone = new Promise(resolve => socket.once('close', resolve))
    await admin.close()
    await gone
  })

  it('leaves nothing open where one address is taken', async () => {
    const options = { metrics: createMetrics(), troubles: () => [], hosts: [], log: silentLog }
    const first = await Admin.open({ ...options, listen: ['127.0.0.1:0'] })
    const [free = ''] = first.addresses
    await first.close()
    const failure = await Admin.open({ ...options, listen: [free, `127.0.0.1:${port}`] }).catch(
      (error: unknown) => error,
    )
    expect(failure).to.be.instanceOf(CannotListen)
    await (await Admin.open({ ...options, listen: [free] })).close()
  })
})
