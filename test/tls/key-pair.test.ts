import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { configSchema } from '../../src/config/config.ts'
import { pairWarnings, readKeyPair, samePair, UnusableKeyPair } from '../../src/tls/key-pair.ts'
import { keyPair, pemPair } from '../support/certificates.ts'
import { temporaryDirectory } from '../support/temporary-directory.ts'

const pair = pemPair()
const locked = `-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIGbMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAg=\n-----END ENCRYPTED PRIVATE KEY-----\n`

describe('key pair', () => {
  /** Writes the files, and says which key of `[tls]` is wrong and why; `folder` is taken off. */
  async function complaint(files: Record<string, string>, modes: Record<string, number> = {}) {
    await using folder = await temporaryDirectory()
    const tls: Record<string, string> = {}
    for (const [name, text] of Object.entries(files)) {
      const path = join(folder.path, `${name}.pem`)
      tls[name] = path
      if (text === 'absent') continue
      writeFileSync(path, text)
      chmodSync(path, modes[name] ?? 0o600)
    }
    try {
      return readKeyPair(configSchema.parse({ tls }).tls)
    } catch (error) {
      if (!(error instanceof UnusableKeyPair)) throw error
      return `${error.key}: ${error.message.replaceAll(`${folder.path}/`, '')}`
    }
  }

  it('is read from its files, with the chain behind the certificate', async () => {
    const cert = pair.cert + pemPair().cert
    expect(await complaint({ cert, key: pair.key })).to.deep.equal(keyPair({ ...pair, cert }))
    const read = await complaint({ ...pair, client_ca: pair.cert }, { key: 0o440, cert: 0o644 })
    expect(read).to.deep.equal(keyPair(pair, pair.cert))
    expect(await complaint({})).to.equal(undefined)
  })

  const wrong: readonly [Record<string, string>, string][] = [
    [{ cert: pair.cert }, 'key: is missing; name the key of the certificate'],
    [{ key: pair.key }, 'cert: is missing; name the certificate of the key'],
    [{ client_ca: pair.cert }, 'client_ca: is of no use without cert and key'],
    [{ ...pair, cert: 'absent' }, 'cert: there is no file cert.pem'],
    [{ ...pair, key: 'absent' }, 'key: there is no file key.pem'],
    [{ ...pair, cert: 'hello' }, 'cert: cert.pem holds no certificate in PEM'],
    [{ ...pair, cert: pair.key }, 'cert: cert.pem holds no certificate in PEM'],
    [{ ...pair, cert: pair.cert.replace('MII', 'MIJ') }, 'cert: certificate 1 in cert.pem is damaged'],
    [{ ...pair, key: '' }, 'key: key.pem holds no private key in PEM'],
    [{ ...pair, key: pair.cert }, 'key: key.pem holds no private key in PEM'],
    [{ ...pair, key: locked }, 'key: key.pem is locked with a passphrase; write it without one'],
    [{ ...pair, key: pemPair().key }, 'key: key.pem is not the key of the certificate in cert.pem'],
    [{ ...pair, client_ca: 'x' }, 'client_ca: client_ca.pem holds no certificate in PEM'],
  ]
  for (const [files, expected] of wrong)
    it(`is refused: ${expected}`, async () => expect(await complaint(files)).to.equal(expected))

  it('is refused where others may read the key', async () => {
    expect(await complaint({ ...pair }, { key: 0o644 })).to.equal(
      'key: others may read key.pem; run: chmod o-rwx key.pem',
    )
  })

  it('is the same only with the same octets', () => {
    const other = pemPair()
    expect(samePair(keyPair(pair), keyPair({ ...pair }))).to.equal(true)
    expect(samePair(undefined, undefined)).to.equal(true)
    for (const different of [
      keyPair(other),
      keyPair({ ...pair, key: other.key }),
      keyPair(pair, other.cert),
      undefined,
    ])
      expect(samePair(keyPair(pair), different)).to.equal(false)
  })

  it('warns of a certificate that is not good now, or not for long', () => {
    const from = Date.UTC(2026, 0, 1)
    const day = 24 * 60 * 60 * 1000
    const short = keyPair(pemPair({ from, days: 30 }))
    const warnings = (days: number) => pairWarnings(short, { now: from + days * day, path: 'a.pem' })
    expect(warnings(1)).to.deep.equal([])
    expect(warnings(-1)).to.deep.equal([
      'the certificate in a.pem is not valid before 2026-01-01: clients will refuse it',
    ])
    expect(warnings(25)).to.deep.equal(['the certificate in a.pem expires on 2026-01-31'])
    expect(warnings(31)).to.deep.equal([
      'the certificate in a.pem expired on 2026-01-31: clients will refuse it',
    ])
  })
})
