import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { needs } from '../support/needs.ts'
import { TlsServer } from '../support/tls-server.ts'

interface Scan {
  /** Attributes of each element of that name. */
  all(element: string): readonly Readonly<Record<string, string>>[]
}

async function scan(address: string): Promise<Scan> {
  const { stdout } = await promisify(execFile)('sslscan', ['--xml=-', '--no-colour', address], {
    timeout: 60_000,
  })
  return {
    all: element =>
      [...stdout.matchAll(new RegExp(`<${element} ([^>]*?)/?>`, 'g'))].map(([, attributes = '']) =>
        Object.fromEntries(
          [...attributes.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, value]) => [key, value]),
        ),
      ),
  }
}

describe('sslscan', function () {
  this.timeout(120_000)
  before(function () {
    needs(this, { probe: ['sslscan', '--version'], debian: 'sslscan' })
  })

  it('finds what Mozilla calls intermediate, and nothing else', async () => {
    await using site = await TlsServer.start()
    const found = await scan(site.server.secureAddresses[0] ?? '')
    const versions = found
      .all('protocol')
      .map(({ type, version, enabled }) => `${type} ${version} ${enabled}`)
    expect(versions).to.deep.equal(['ssl 2 0', 'ssl 3 0', 'tls 1.0 0', 'tls 1.1 0', 'tls 1.2 1', 'tls 1.3 1'])
    const ciphers = found.all('cipher').map(({ sslversion, cipher }) => `${sslversion} ${cipher}`)
    expect(ciphers).to.have.members([
      'TLSv1.3 TLS_AES_128_GCM_SHA256',
      'TLSv1.3 TLS_AES_256_GCM_SHA384',
      'TLSv1.3 TLS_CHACHA20_POLY1305_SHA256',
      // With an RSA certificate the three of ECDHE-RSA in their place.
      'TLSv1.2 ECDHE-ECDSA-AES128-GCM-SHA256',
      'TLSv1.2 ECDHE-ECDSA-AES256-GCM-SHA384',
      'TLSv1.2 ECDHE-ECDSA-CHACHA20-POLY1305',
    ])
    const groups = found.all('group').map(({ name = '' }) => name.replace(/ .*/, ''))
    expect(new Set(groups)).to.deep.equal(new Set(['secp256r1', 'secp384r1', 'x25519']))
    expect(found.all('renegotiation')).to.deep.equal([{ supported: '0', secure: '0' }])
    expect(found.all('compression').filter(({ supported }) => supported === '1')).to.deep.equal([])
    expect(found.all('heartbleed').map(({ vulnerable }) => vulnerable)).to.deep.equal(['0', '0'])
  })

  it('would find no tickets under TLS 1.2', async () => {
    await using site = await TlsServer.start()
    const socket = await site.secure({ maxVersion: 'TLSv1.2' })
    expect(socket.getTLSTicket()).to.equal(undefined)
    socket.destroy()
  })
})
