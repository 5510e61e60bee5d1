import { X509Certificate } from 'node:crypto'
import { expect } from 'chai'
import { hostNames, keyFingerprint } from '../../src/tls/certificate.ts'
import { pemPair } from '../support/certificates.ts'

describe('self-signed certificates', () => {
  it('hold for the names and addresses they were made for, and no others', () => {
    const { cert } = pemPair({ names: ['news.a.example', 'a.example', '192.0.2.7', '2001:db8::7'] })
    const certificate = new X509Certificate(cert)
    expect(certificate.verify(certificate.publicKey)).to.equal(true)
    expect(certificate.subject).to.equal('CN=news.a.example')
    for (const name of ['news.a.example', 'a.example']) expect(certificate.checkHost(name)).to.equal(name)
    for (const address of ['192.0.2.7', '2001:db8::7'])
      expect(certificate.checkIP(address)).to.not.equal(undefined)
    expect(certificate.checkHost('b.example')).to.equal(undefined)
    expect(certificate.checkIP('192.0.2.8')).to.equal(undefined)
  })

  it('are good from and to the days that were asked for, past 2050 too', () => {
    const from = Date.UTC(2049, 11, 30, 12)
    const certificate = new X509Certificate(pemPair({ from, days: 30 }).cert)
    expect(Date.parse(certificate.validFrom)).to.equal(from)
    expect(Date.parse(certificate.validTo)).to.equal(Date.UTC(2050, 0, 29, 12))
  })

  it('can be issued by another', () => {
    const authority = pemPair({ names: ['An authority'] })
    const issued = new X509Certificate(pemPair({ names: ['peer.example'], issuer: authority }).cert)
    const root = new X509Certificate(authority.cert)
    expect([root.ca, issued.ca]).to.deep.equal([true, false])
    expect(issued.checkIssued(root)).to.equal(true)
    expect(issued.verify(root.publicKey)).to.equal(true)
    expect(issued.verify(new X509Certificate(pemPair().cert).publicKey)).to.equal(false)
  })

  it('take any serial number', () => {
    for (const serial of ['00000000000000000000000000000000', 'ff'.repeat(16), '0000017f', '80']) {
      const certificate = new X509Certificate(pemPair({ serial: Buffer.from(serial, 'hex') }).cert)
      expect(BigInt(`0x${certificate.serialNumber}`)).to.equal(BigInt(`0x${serial}`))
    }
  })
})

describe('certificate', () => {
  it('tells its host names in lower case, and the fingerprint of its key', () => {
    const pair = pemPair({ names: ['News.A.Example', '192.0.2.7', 'b.example', 'c.example, DNS:d.example'] })
    const certificate = new X509Certificate(pair.cert)
    expect(hostNames(certificate)).to.deep.equal(['news.a.example', 'b.example'])
    expect(keyFingerprint(certificate)).to.match(/^sha256:[0-9a-f]{64}$/)
    expect(keyFingerprint(certificate)).to.equal(keyFingerprint(new X509Certificate(pair.cert)))
    expect(keyFingerprint(certificate)).to.not.equal(keyFingerprint(new X509Certificate(pemPair().cert)))
  })
})
