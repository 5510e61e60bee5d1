import { expect } from 'chai'
import fc from 'fast-check'
import { type Command, line } from '../../src/server/command.ts'
import { parseCommandLine } from '../../src/server/command-line.ts'
import { CommandTable } from '../../src/server/command-table.ts'
import { commandTable } from '../../src/server/commands.ts'
import { parseRange } from '../../src/server/syntax.ts'
import { FakeServer } from '../support/fake-server.ts'
import { fillWithSamples } from '../support/sample-news.ts'

const row = (name: string, more: Partial<Command> = {}): Command => ({
  name,
  args: [0, 2],
  syntax: `${name} [a [b]]`,
  rfc: 'test',
  run: () => line(203),
  ...more,
})

const table = new CommandTable([
  row('LIST'),
  row('LIST ACTIVE'),
  row('AUTHINFO USER', { args: [1, 1], verbatim: true }),
  row('XMANY', { args: [1, 999] }),
  row('XDIGITS', { args: [1, 1], valid: ([text = '']) => /^\d+$/.test(text) }),
])

function parse(text: string) {
  const { row, args, refusal } = parseCommandLine(Buffer.from(text), table)
  return { name: row?.name, args, ...(refusal && { code: refusal.code, text: refusal.text }) }
}

describe('server/command-line', () => {
  it('finds rows of one word and of two', () => {
    expect(parse('LIST')).to.deep.equal({ name: 'LIST', args: [] })
    expect(parse('list\tactive  a\t b ')).to.deep.equal({ name: 'LIST ACTIVE', args: ['a', 'b'] })
    expect(parse('xmany ä €')).to.deep.equal({ name: 'XMANY', args: ['ä', '€'] })
  })

  it('tells 500 from 501', () => {
    const cases: [string, number, string | undefined][] = [
      ['', 500, undefined],
      [' LIST', 500, undefined],
      ['NOTHING here', 500, undefined],
      ['LIST FOO', 501, 'Unknown LIST keyword, expected ACTIVE'],
      ['AUTHINFO', 501, 'Unknown AUTHINFO keyword, expected USER'],
      ['LIST ACTIVE a b c', 501, 'Syntax: LIST ACTIVE [a [b]]'],
      ['XDIGITS x', 501, 'Syntax: XDIGITS [a [b]]'],
      [`XMANY ${'x'.repeat(498)}`, 501, 'Arguments too long'],
    ]
    for (const [text, code, answer] of cases) {
      const parsed = parse(text)
      expect([parsed.code, parsed.text], text).to.deep.equal([code, answer])
    }
    expect(parse(`XMANY ${'x'.repeat(497)}`).code).to.equal(undefined)
  })

  it('leaves a verbatim argument as it stands', () => {
    expect(parse('authinfo  user fred  flint\tstone ').args).to.deep.equal(['fred  flint\tstone '])
    expect(parse('authinfo user ').code).to.equal(501)
  })

  it('reads ranges', () => {
    const high = 2_147_483_647
    expect(parseRange('5')).to.deep.equal({ low: 5, high: 5 })
    expect(parseRange('5-')).to.deep.equal({ low: 5, high })
    expect(parseRange('5-3')).to.deep.equal({ low: 5, high: 3 })
    expect(parseRange('0000000000000005-9999999999999999')).to.deep.equal({ low: 5, high })
    for (const bad of [
      '',
      '-',
      '-5',
      '5-6-7',
      '5 -',
      'x',
      '12345678901234567',
      '5-12345678901234567',
      '+5',
      '1e3',
    ]) {
      expect(parseRange(bad), bad).to.equal(undefined)
    }
  })

  it('answers every line once, whatever is in it, and stays in step', async () => {
    const names = commandTable()
      .rows.map(({ name }) => name)
      .filter(name => !/^(?:QUIT|POST|TAKETHIS)$/.test(name))
    const octet = fc.integer({ min: 1, max: 255 }).filter(value => value !== 10 && value !== 13)
    const argument = fc.oneof(
      fc.array(octet, { maxLength: 60 }).map(octets => Buffer.from(octets)),
      fc
        .constantFrom(
          '1-',
          '234',
          '<45223423@example.com>',
          '<no@such>',
          '*',
          'misc.test',
          'Subject',
          ':bytes',
        )
        .map(Buffer.from),
    )
    const hostile = fc
      .tuple(fc.constantFrom(...names, 'XYZZY', ''), fc.array(argument, { maxLength: 4 }))
      .map(([name, args]) =>
        Buffer.concat([Buffer.from(name), ...args.flatMap(arg => [Buffer.from(' '), arg])]),
      )
    const server = new FakeServer()
    fillWithSamples(server.node)
    const { client } = server.connect()
    await client.line()
    await fc.assert(
      fc.asyncProperty(hostile, async text => {
        fc.pre(!/^(?:GET |POST|PUT |HTTP|OPTIONS|CONNECT|QUIT)/i.test(text.toString('latin1')))
        client.send(Buffer.concat([text, Buffer.from('\r\nDATE\r\n')]))
        const answer = await client.line()
        expect(answer).to.match(/^[1-5]\d\d [\x20-\x7e]*$/)
        const blocks = /^(?:10[01]|215|22[01245]|23[01]|282) |list follows$/
        if (blocks.test(answer)) await client.block()
        expect(await client.line()).to.match(/^111 \d{14}$/)
      }),
      { numRuns: 500 },
    )
    client.end()
  })
})
