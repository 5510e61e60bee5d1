import { scryptSync } from 'node:crypto'
import { expect } from 'chai'
import { Hasher, HasherBusy } from '../../src/login/hasher.ts'
import { formatHash, parseHash, usualCost } from '../../src/login/password-hash.ts'
import { cheap } from '../support/logins.ts'
import { rejection } from '../support/rejection.ts'

const work = (secret: string) => ({
  secret: Buffer.from(secret),
  salt: Buffer.alloc(16, 1),
  how: { kind: 'scrypt', cost: cheap } as const,
})

describe('login/hasher', () => {
  it('makes scrypt hashes in its thread', async () => {
    await using hasher = new Hasher(Buffer.alloc(32))
    const expected = scryptSync('pw', Buffer.alloc(16, 1), 32, { N: 16, r: 8, p: 1 })
    expect((await hasher.derive(work('pw'))).equals(expected)).to.equal(true)
    expect(hasher.hashes).to.equal(1)
  })

  it('makes RFC 7914 12 and PBKDF2 as RFC 7677 needs it', async () => {
    await using hasher = new Hasher(Buffer.alloc(32))
    const key = await hasher.derive({
      secret: Buffer.from('pleaseletmein'),
      salt: Buffer.from('SodiumChloride'),
      how: { kind: 'scrypt', cost: { ln: 14, r: 8, p: 1 } },
    })
    expect(key.toString('hex')).to.equal('7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2')
    const salted = await hasher.derive({
      secret: Buffer.from('pencil'),
      salt: Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64'),
      how: { kind: 'pbkdf2', iterations: 4096 },
    })
    expect(salted.toString('base64')).to.equal('xKSVEDI6tPlSysH6mUQZOeeOp01r6B3fcJbodRPcYV0=')
  })

  it('manages the usual cost', async () => {
    await using hasher = new Hasher(Buffer.alloc(32))
    const key = await hasher.derive({ ...work('pw'), how: { kind: 'scrypt', cost: usualCost } })
    expect(key).to.have.length(32)
  })

  it('lets 32 wait and no more, and tells those who wait when it ends', async () => {
    const hasher = new Hasher(Buffer.alloc(32))
    const jobs = Array.from({ length: 33 }, (_, n) => hasher.derive(work(`${n}`)))
    expect(await rejection(hasher.derive(work('one more')))).to.be.instanceOf(HasherBusy)
    expect(hasher.derive(work('7'))).to.equal(jobs[7])
    const settled = Promise.allSettled(jobs)
    await hasher[Symbol.asyncDispose]()
    for (const job of await settled)
      if (job.status === 'rejected') expect(job.reason).to.be.instanceOf(HasherBusy)
  })

  it('is shared by networks: one that floods waits behind itself, and gives way', async () => {
    const hasher = new Hasher(Buffer.alloc(32))
    const flood = Array.from({ length: 33 }, (_, n) => hasher.derive(work(`${n}`), '198.51.100'))
    expect(await rejection(hasher.derive(work('one more'), '198.51.100'))).to.be.instanceOf(HasherBusy)
    const newcomer = hasher.derive(work('honest'), '192.0.2')
    expect(await rejection(flood[32] ?? Promise.resolve())).to.be.instanceOf(HasherBusy)
    expect(await newcomer).to.have.length(32)
    // The one under way, one of the flood, and the newcomer.
    expect(hasher.hashes).to.equal(3)
    await hasher[Symbol.asyncDispose]()
  })

  it('starts another thread after a fault', async () => {
    await using hasher = new Hasher(Buffer.alloc(32))
    const impossible = { ...work('x'), how: { kind: 'scrypt', cost: { ln: 0.5, r: 8, p: 1 } } as const }
    expect(await rejection(hasher.derive(impossible))).to.be.instanceOf(Error)
    expect(await hasher.derive(work('x'))).to.have.length(32)
  })

  it('writes hashes as text, and reads none that would cost too much', () => {
    const hash = { cost: usualCost, salt: Buffer.alloc(16, 2), key: Buffer.alloc(32, 3) }
    const text = formatHash(hash)
    expect(text).to.match(/^\$scrypt\$ln=15,r=8,p=3\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
    expect(parseHash(text)).to.deep.equal(hash)
    for (const bad of [
      '',
      'x',
      text.slice(1),
      text.replace('15', '25'),
      text.replace('r=8', 'r=0'),
      `${text}x`,
    ])
      expect(parseHash(bad), bad).to.equal(undefined)
  })
})
