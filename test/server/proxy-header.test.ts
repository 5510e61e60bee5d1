import { expect } from 'chai'
import { parseProxyHeader } from '../../src/server/proxy-header.ts'

const signature = '0d0a0d0a000d0a515549540a'
const binary = (hex: string) => Buffer.from(signature + hex.replaceAll(' ', ''), 'hex')
const text = (line: string) => Buffer.from(`${line}\r\n`, 'latin1')
const v4 = 'c0000201 c6336401 1f90 0233'
const v6 = `20010db8${'00'.repeat(11)}01 20010db8${'00'.repeat(11)}02 1f90 0233`
const longest = 'PROXY UNKNOWN ffff:f...f:ffff ffff:f...f:ffff 65535 65535'

/** The address, where there is one. */
const complete: readonly (readonly [what: string, header: Buffer, address?: string])[] = [
  ['TCP4', text('PROXY TCP4 192.0.2.1 198.51.100.1 8080 563'), '192.0.2.1'],
  ['TCP4 with the ends of what ports can be', text('PROXY TCP4 192.0.2.1 198.51.100.1 0 65535'), '192.0.2.1'],
  ['TCP6', text('PROXY TCP6 2001:db8::1 2001:db8::2 8080 563'), '2001:db8::1'],
  ['TCP6 written out', text('PROXY TCP6 2001:0DB8:0:0:0:0:0:1 ::1 8080 563'), '2001:db8::1'],
  ['UNKNOWN', text('PROXY UNKNOWN')],
  ['UNKNOWN with what is to be ignored', text(longest)],
  ['version 2, IPv4', binary(`21 11 000c ${v4}`), '192.0.2.1'],
  ['version 2, IPv6', binary(`21 21 0024 ${v6}`), '2001:db8::1'],
  ['version 2 with TLVs', binary(`21 11 0013 ${v4} 04 0004 00000000`), '192.0.2.1'],
  ['LOCAL', binary('20 00 0000')],
  ['LOCAL with addresses', binary(`20 11 000c ${v4}`)],
  ['UNSPEC', binary('21 00 0003 000000')],
]

const malformed: readonly (readonly [what: string, header: Buffer])[] = [
  ['a command', text('CAPABILITIES')],
  ['lower case', text('proxy TCP4 192.0.2.1 198.51.100.1 1 2')],
  ['a TLS handshake', Buffer.from('1603010200', 'hex')],
  ['no family', text('PROXY ')],
  ['UDP4', text('PROXY UDP4 192.0.2.1 198.51.100.1 1 2')],
  ['no addresses', text('PROXY TCP4')],
  ['one address', text('PROXY TCP4 192.0.2.1')],
  ['an address of the other family', text('PROXY TCP4 2001:db8::1 2001:db8::2 1 2')],
  ['a name', text('PROXY TCP4 a.example 198.51.100.1 1 2')],
  ['a leading zero', text('PROXY TCP4 192.0.2.01 198.51.100.1 1 2')],
  ['a zone', text('PROXY TCP6 fe80::1%eth0 2001:db8::2 1 2')],
  ['two blanks', text('PROXY TCP4  192.0.2.1 198.51.100.1 1 2')],
  ['one port', text('PROXY TCP4 192.0.2.1 198.51.100.1 1')],
  ['a third port', text('PROXY TCP4 192.0.2.1 198.51.100.1 1 2 3')],
  ['a large port', text('PROXY TCP4 192.0.2.1 198.51.100.1 1 65536')],
  ['a port with a zero before it', text('PROXY TCP4 192.0.2.1 198.51.100.1 1 02')],
  ['a bare LF', Buffer.from(`PROXY TCP4 192.0.2.1 198.51.100.1 1 2\n${'x'.repeat(70)}`)],
  ['a long line', text(`PROXY UNKNOWN ${'x'.repeat(92)}`)],
  ['version 1 in the binary form', binary(`11 11 000c ${v4}`)],
  ['version 3', binary(`31 11 000c ${v4}`)],
  ['another command', binary(`22 11 000c ${v4}`)],
  ['UDP', binary(`21 12 000c ${v4}`)],
  ['a UNIX socket', binary(`21 31 00d8 ${'00'.repeat(216)}`)],
  ['IPv4 without room for it', binary('21 11 000b c0000201 c6336401 1f90 02')],
  ['IPv6 with the length of IPv4', binary(`21 21 000c ${v4}`)],
  ['a length that nobody needs', binary('21 11 1001')],
]

describe('server: PROXY header', () => {
  for (const [what, header, address] of complete)
    it(`takes ${what}, cut anywhere`, () => {
      const whole = { kind: 'complete', length: header.length, ...(address !== undefined && { address }) }
      for (let end = 0; end < header.length; end++)
        expect(parseProxyHeader(header.subarray(0, end)), `${end} octets`).to.deep.equal({
          kind: 'incomplete',
        })
      expect(parseProxyHeader(header)).to.deep.equal(whole)
      expect(parseProxyHeader(Buffer.concat([header, text('QUIT')]))).to.deep.equal(whole)
      expect(parseProxyHeader(Buffer.concat([header, header]))).to.deep.equal(whole)
    })

  for (const [what, header] of malformed)
    it(`refuses ${what}, cut anywhere`, () => {
      const verdicts = Array.from(
        { length: header.length + 1 },
        (_, end) => parseProxyHeader(header.subarray(0, end)).kind,
      )
      const first = verdicts.indexOf('malformed')
      expect(first).to.be.greaterThan(0)
      expect(new Set(verdicts.slice(0, first))).to.deep.equal(new Set(['incomplete']))
      expect(new Set(verdicts.slice(first))).to.deep.equal(new Set(['malformed']))
    })

  it('takes a line of 107 octets and none of 108', () => {
    const line = (octets: number) => text(`PROXY UNKNOWN ${'x'.repeat(octets - 16)}`)
    expect(parseProxyHeader(line(107))).to.deep.equal({ kind: 'complete', length: 107 })
    expect(parseProxyHeader(line(108)).kind).to.equal('malformed')
  })
})
