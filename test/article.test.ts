import { expect } from 'chai'
import fc from 'fast-check'
import { Article } from '../src/article.ts'
import type { ArticleLimits } from '../src/header-section.ts'
import { Reason } from '../src/reason.ts'

const limits: ArticleLimits = { header_bytes: 65_536, header_line_bytes: 8_192, headers: 200 }
const octets = (text: string) => Buffer.from(text, 'latin1')

function article(text: string, given = limits): Article {
  const parsed = Article.parse(octets(text), given)
  if (parsed instanceof Reason) throw new Error(parsed.text)
  return parsed
}

function refusal(text: string, given = limits): string {
  const parsed = Article.parse(octets(text), given)
  return parsed instanceof Reason ? `${parsed.name} ${parsed.detail}`.trim() : 'taken'
}

describe('Article.parse', () => {
  const refused: readonly [text: string, reason: string][] = [
    ['', 'no-body-separator'],
    ['a', 'no-body-separator'],
    ['A: b', 'no-body-separator'],
    ['A: b\r\n', 'no-body-separator'],
    ['A: b\r\nC: d\r', 'no-body-separator'],
    ['A: b\n\nbody\n', 'no-body-separator'],
    ['no colon\r\n\r\n', 'bad-header no colon'],
    ['colon\r\n\r\n', 'bad-header colon'],
    [': b\r\n\r\n', 'bad-header : b'],
    ['A b: c\r\n\r\n', 'bad-header A b: c'],
    ['A : b\r\n\r\n', 'bad-header A : b'],
    ['A:b\r\n\r\n', 'bad-header A:b'],
    ['A\xe9: b\r\n\r\n', 'bad-header A?: b'],
    ['A\0: b\r\n\r\n', 'bad-header A?: b'],
    [' A: b\r\n\r\n', 'bad-header  A: b'],
    ['\tA: b\r\n\r\n', 'bad-header ?A: b'],
    ['A: b\r\n \t\r\nC: d\r\n\r\n', 'bad-header A: b'],
    ['A: b\r\nFrom x Mon\r\n\r\n', 'bad-header From x Mon'],
    ['.\r\n\r\n', 'bad-header .'],
    ['A: b\r\n..\r\n\r\n', 'bad-header ..'],
    ['A: b\r\n\r\nopen', 'open-line'],
    ['A: b\r\n\r\nbare\n', 'open-line'],
  ]
  for (const [text, reason] of refused) {
    it(`refuses ${JSON.stringify(text)}: ${reason}`, () => {
      expect(refusal(text)).to.equal(reason)
    })
  }

  const taken = [
    '\r\n',
    'A: b\r\n\r\n',
    'A:\tb\r\n\r\n',
    'A:\r\n\r\n',
    'A: \r\n b\r\n\r\nx\r\n',
    '!#~: b\r\n\r\n',
  ]
  for (const text of taken) {
    it(`takes ${JSON.stringify(text)}`, () => {
      expect(refusal(text)).to.equal('taken')
    })
  }

  it('lets folds of blanks alone pass where it is told to, and nothing else', () => {
    const folds = { ...limits, blankFolds: true }
    expect(article('A: b\r\n \t\r\n c\r\n\r\nx\r\n', folds).header('A')).to.equal('b \t c')
    expect(refusal('A: b\r\n \r\n\r\n')).to.equal('bad-header A: b')
    expect(refusal('A:b\r\n\r\n', folds)).to.equal('bad-header A:b')
  })

  it('is lax with old articles where it is told to be', () => {
    const lax = { ...limits, lax: true }
    expect(article('A:b\r\nC: d\r\n \r\n\r\n', lax).header('A')).to.equal('b')
    expect(refusal('A : b\r\n\r\n', lax)).to.equal('bad-header A : b')
  })

  const bounds: readonly [name: string, given: Partial<ArticleLimits>, text: string, reason: string][] = [
    ['fields at the limit', { headers: 2 }, 'A: b\r\nC: d\r\n\r\n', 'taken'],
    ['fields over the limit', { headers: 1 }, 'A: b\r\nC: d\r\n\r\n', 'too-many-headers'],
    ['section at the limit', { header_bytes: 12 }, 'A: b\r\nC: d\r\n\r\n', 'taken'],
    ['section over the limit', { header_bytes: 11 }, 'A: b\r\nC: d\r\n\r\n', 'header-too-large'],
    ['field at the limit', { header_line_bytes: 6 }, 'A: b\r\n c\r\n\r\n', 'taken'],
    ['field over the limit', { header_line_bytes: 5 }, 'A: b\r\n c\r\n\r\n', 'line-too-long A'],
    ['dotted field at the limit', { header_line_bytes: 4 }, '..: b\r\n\r\n', 'taken'],
    ['body as long as it likes', { header_bytes: 6 }, `A: b\r\n\r\n${'x'.repeat(99)}\r\n`, 'taken'],
  ]
  for (const [name, given, text, reason] of bounds) {
    it(`${name}: ${reason}`, () => {
      expect(refusal(text, { ...limits, ...given })).to.equal(reason)
    })
  }

  it('neither throws nor differs on any octets', () => {
    const parts = fc.constantFrom('\r\n', '\r', '\n', 'A: b\r\n', ':', ' ', '\t', '.', '\0', 'x', '\xff')
    const any = fc.oneof(
      fc.uint8Array().map(bytes => Buffer.from(bytes).toString('latin1')),
      fc.array(parts).map(list => list.join('')),
    )
    fc.assert(
      fc.property(any, text => {
        expect(refusal(text)).to.equal(refusal(text))
        for (const lax of [false, true]) {
          const parsed = Article.parse(octets(text), { ...limits, lax })
          if (parsed instanceof Reason) continue
          const { names, emptyHeaders, longestHeaderLine, octets: size, lines } = parsed
          expect(names.length).to.be.at.least(emptyHeaders.length)
          expect(size).to.be.at.most(text.length)
          expect(longestHeaderLine).to.be.at.most(parsed.bodyStart)
          expect(lines).to.equal(text.slice(parsed.bodyStart).split('\r\n').length - 1)
        }
      }),
      { numRuns: 1000 },
    )
  })
})

describe('Article', () => {
  const sample = article(
    'Path: a!b\r\nSubject: one\r\n\ttwo\r\n  three \r\nX-Raw: \xe9\xff\x80\r\nsubject: second\r\n' +
      '..Dot: .x\r\nEmpty:\r\nBlank:  \r\nLate:\r\n here\r\n\r\n..\r\nbody\r\n...a\r\n\r\n',
  )

  const values: readonly [name: string, value: string | undefined, count: number][] = [
    ['Path', 'a!b', 1],
    ['PATH', 'a!b', 1],
    ['SUBJECT', 'one\ttwo  three', 2],
    ['X-Raw', '\xe9\xff\x80', 1],
    ['.Dot', '.x', 1],
    ['.dot', '.x', 1],
    ['..Dot', undefined, 0],
    ['Empty', '', 1],
    ['Blank', '', 1],
    ['Late', 'here', 1],
    ['Pat', undefined, 0],
    ['', undefined, 0],
    ['__proto__', undefined, 0],
  ]
  for (const [name, value, count] of values) {
    it(`${name || 'no name'}: ${JSON.stringify(value)}`, () => {
      expect(sample.header(name)).to.equal(value)
      expect(sample.count(name)).to.equal(count)
      expect(sample.all(name)[0]).to.equal(value)
    })
  }

  it('tells names, repeated fields and fields without content', () => {
    expect(sample.names).to.deep.equal([
      'Path',
      'Subject',
      'X-Raw',
      'subject',
      '.Dot',
      'Empty',
      'Blank',
      'Late',
    ])
    expect(sample.all('Subject')).to.deep.equal(['one\ttwo  three', 'second'])
    expect(sample.emptyHeaders).to.deep.equal(['Empty', 'Blank'])
  })

  it('compares letters without case, and nothing else', () => {
    const odd = article('A[: b\r\nC@: d\r\n\r\n')
    expect([odd.header('a['), odd.header('a{'), odd.header('c@'), odd.header('c`')]).to.deep.equal([
      'b',
      undefined,
      'd',
      undefined,
    ])
  })

  it('gives what is behind the colon with its folds', () => {
    expect(sample.rawValue('subject')).to.equal(' one\r\n\ttwo\r\n  three ')
    expect(sample.rawValue('.dot')).to.equal(' .x')
    expect(sample.rawValue('Nope')).to.equal(undefined)
  })

  it('puts a line in the place of the first field of its name', () => {
    const edited = article('..A: 1\r\nB: 2\r\nC: 3\r\nb: 4\r\nD: 5\r\n\r\nx\r\n').edit({
      replace: 'B: new\r\n fold',
      remove: ['C', 'D'],
    })
    expect(edited.wire.toString()).to.equal('..A: 1\r\nB: new\r\n fold\r\nb: 4\r\n\r\nx\r\n')
    expect(edited.all('b')).to.deep.equal(['new fold', '4'])
    expect([edited.header('.a'), edited.lines, edited.octets]).to.deep.equal(['1', 1, edited.wire.length - 1])
    const without = article('A: 1\r\n\r\n').edit({ replace: 'B: 2' })
    expect(without.wire.toString()).to.equal('A: 1\r\n\r\n')
  })

  it('leaves room around what it made, once', () => {
    const into = { room: (octets: number) => Buffer.alloc(octets, '#'), before: 4, behind: 2 }
    const edited = article('A: 1\r\n\r\n').edit({ replace: 'A: 2', into })
    expect(edited.around(5, 2)).to.equal(undefined)
    expect(edited.around(4, 3)).to.equal(undefined)
    const around = edited.around(3, 1)
    expect(around?.toString()).to.equal('###A: 2\r\n\r\n#')
    around?.fill('-', 0, 3)
    expect(edited.wire.toString()).to.equal('A: 2\r\n\r\n')
    expect(edited.around(3, 1)).to.equal(undefined)
    expect(article('A: 1\r\n\r\n').around(0, 0)).to.equal(undefined)
  })

  it('measures what RFC 3977 8.1 counts', () => {
    expect(sample.octets).to.equal(sample.wire.length - 3)
    expect(sample.lines).to.equal(4)
    expect(sample.wire.toString('latin1', sample.bodyStart)).to.equal('..\r\nbody\r\n...a\r\n\r\n')
    expect(sample.longestHeaderLine).to.equal(15)
  })

  it('has no lines where it has no body', () => {
    const empty = article('A: b\r\n\r\n')
    expect([empty.lines, empty.octets, empty.bodyStart]).to.deep.equal([0, 8, 8])
  })
})

describe('Article.edit', () => {
  const text = (edited: Article) => edited.wire.toString('latin1')
  const old = () => article('Path: a!b\r\n c\r\nX: 1\r\nXref: q\r\nY: 2\r\n\r\n..\r\n')

  it('removes, prepends and appends, and keeps the order of the rest', () => {
    const edited = old().edit({
      remove: ['path', 'XREF'],
      prepend: ['Path: n!a!b\r\n c', 'P: 1'],
      append: ['Z: 3'],
    })
    expect(text(edited)).to.equal('Path: n!a!b\r\n c\r\nP: 1\r\nX: 1\r\nY: 2\r\nZ: 3\r\n\r\n..\r\n')
    expect(edited.names).to.deep.equal(['Path', 'P', 'X', 'Y', 'Z'])
    expect([edited.header('path'), edited.header('z')]).to.deep.equal(['n!a!b c', '3'])
  })

  it('leaves the old article alone', () => {
    const before = old()
    before.edit({ remove: ['X'], append: ['Z: 3'] })
    expect(text(before)).to.equal(text(old()))
  })

  it('stuffs lines that begin with a dot', () => {
    const edited = old().edit({ append: ['.N: v'] })
    expect(text(edited)).to.include('\r\n..N: v\r\n\r\n')
    expect(edited.header('.n')).to.equal('v')
    expect(edited.octets).to.equal(edited.wire.length - 2)
  })

  it('may take away every field', () => {
    expect(text(old().edit({ remove: ['Path', 'X', 'Xref', 'Y'] }))).to.equal('\r\n..\r\n')
  })

  for (const line of ['A: b\nC: d', 'A: b\r\nC: d', 'A: b\r\n', 'A: \0', 'A: \u010a', 'A: \u20ac']) {
    it(`does not write ${JSON.stringify(line)}`, () => {
      expect(() => old().edit({ append: [line] })).to.throw(RangeError, 'header line "A: ')
    })
  }

  /** As it comes from the network: alone in its memory. */
  const alone = (wire: string, before: number) => {
    const memory = octets(`${'#'.repeat(before)}${wire}.\r\n`)
    const body = memory.subarray(before, memory.length - 3)
    const parsed = Article.parse(body, limits, { memory, before })
    if (parsed instanceof Reason) throw new Error(parsed.text)
    return { parsed, memory }
  }

  it('makes the same of it where it stands, and leaves the body where it was', () => {
    const lines = fc.array(fc.constantFrom('N: v', '.d: x\r\n y', 'Long-Name: \xff'), { maxLength: 3 })
    const change = fc.record({
      prepend: lines,
      append: lines,
      remove: fc.array(fc.constantFrom('path', 'X', 'xref', 'y'), { maxLength: 4 }),
      replace: fc.constantFrom('Path: n!a!b\r\n c', 'X: ', 'Y: 22'),
    })
    fc.assert(
      fc.property(change, fc.integer({ min: 0, max: 40 }), (edit, spare) => {
        const { parsed, memory } = alone(text(old()), 200)
        const body = parsed.bodyStart + 200
        const room = (): Buffer => expect.fail('there is room')
        const edited = parsed.edit({ ...edit, into: { room, before: spare, behind: 3 } })
        const copied = old().edit(edit)
        expect(text(edited)).to.equal(text(copied))
        for (const key of ['names', 'bodyStart', 'octets', 'lines'] as const)
          expect(edited[key]).to.deep.equal(copied[key])
        expect(memory.toString('latin1', body)).to.equal('..\r\n.\r\n')
        expect(edited.wire.buffer).to.equal(memory.buffer)
        const around = edited.around(spare, 3)
        expect(around?.toString('latin1', spare)).to.equal(`${text(copied)}.\r\n`)
        expect(() => parsed.edit({})).to.throw('it is no more')
        expect(() => parsed.header('Path')).to.throw('it is no more')
      }),
    )
  })

  it('copies it where there is too little room, where nobody gives memory, and where others may read it', () => {
    const into = (before: number, behind = 3) => ({ room: Buffer.alloc, before, behind })
    const replace = 'X: 1234'
    const expected = text(old().edit({ replace }))
    const edits = [
      { room: 8, edit: { replace, into: into(6) } },
      { room: 8, edit: { replace, into: into(2, 4) } },
      { room: 2, edit: { replace, into: into(0) } },
      { room: 100, edit: { replace } },
    ]
    for (const { room, edit } of edits) {
      const { parsed, memory } = alone(text(old()), room)
      const before = Buffer.from(memory)
      const edited = parsed.edit(edit)
      expect(text(edited)).to.equal(expected)
      expect(memory.equals(before)).to.equal(true)
      expect(text(parsed.edit({}))).to.equal(text(old()))
    }
    const { parsed } = alone(text(old()), 8)
    expect(text(parsed.edit({ replace, into: into(5) }))).to.equal(expected)
    expect(() => parsed.edit({})).to.throw('it is no more')
    const shared = old()
    shared.edit({ replace, into: into(0) })
    expect(text(shared)).to.equal(text(old()))
  })

  it('keeps the body octet for octet, and knows of itself what a parse would find', () => {
    const name = fc.constantFrom('A', 'b', '.c', 'Long-Name')
    const field = fc.tuple(name, fc.constantFrom('v', '.', 'x\r\n\ty', '\xff')).map(([n, v]) => `${n}: ${v}`)
    const body = fc.uint8Array().map(bytes => `${Buffer.from(bytes).toString('latin1')}\r\n`)
    const fields = fc.array(field, { maxLength: 5 })
    fc.assert(
      fc.property(
        fields,
        fields,
        fields,
        fc.array(name),
        body,
        (has, prepend, append, remove, octetsOfBody) => {
          const wire = [...has, ''].map(line => `${line.replace(/^\./, '..')}\r\n`).join('') + octetsOfBody
          const before = article(wire)
          const edited = before.edit({ remove, prepend, append })
          const parsed = article(text(edited))
          expect(text(edited).slice(edited.bodyStart)).to.equal(octetsOfBody)
          for (const key of ['names', 'bodyStart', 'octets', 'lines', 'emptyHeaders'] as const)
            expect(edited[key]).to.deep.equal(parsed[key])
          const gone = new Set(remove.map(n => n.toLowerCase()))
          const stay = before.names.filter(n => !gone.has(n.toLowerCase()))
          const named = (lines: string[]) => lines.map(line => line.slice(0, line.indexOf(':')))
          expect(edited.names).to.deep.equal([...named(prepend), ...stay, ...named(append)])
          for (const n of edited.names) expect(edited.all(n)).to.deep.equal(parsed.all(n))
        },
      ),
    )
  })
})

describe('what is asked of the octets of an article', () => {
  const name = fc.constantFrom('Path', 'PATH', 'path', 'From', 'Subject', 'X-A', 'x-a')
  const value = fc.constantFrom('a!b', 'a!b ', '\ta!b', 'a!b\r\n !c', 'ab!b', 'a', 'A!b')
  const texts = fc
    .array(fc.tuple(name, value), { minLength: 1, maxLength: 8 })
    .map(fields => `${fields.map(([of, says]) => `${of}: ${says}\r\n`).join('')}\r\nbody\r\n`)

  it('is what the strings of it say', () => {
    fc.assert(
      fc.property(texts, fc.constantFrom('a!b', 'a!b!c', 'a', ''), (text, wanted) => {
        const of = article(text)
        expect(of.says('Path', wanted)).to.equal(of.header('Path') === wanted)
        const names = of.names.map(each => each.toLowerCase())
        expect(of.mayRepeat).to.equal(new Set(names).size < names.length)
      }),
    )
  })

  it('is left to whoever asks by name where it would take long to tell whether a name is repeated', () => {
    const fields = (count: number, octets: number) =>
      Array.from({ length: count }, (_, at) => `${String(at).padStart(octets, 'X')}: a\r\n`).join('')
    const mayRepeat = (count: number, octets: number) =>
      article(`${fields(count, octets)}\r\nbody\r\n`).mayRepeat
    expect(mayRepeat(64, 64)).to.equal(false)
    expect(mayRepeat(65, 3)).to.equal(true)
    expect(mayRepeat(2, 65)).to.equal(true)
  })

  it('begins at a site where nothing but its text is there, on one line', () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 8, max: 11 }), (text, octets) => {
        const of = article(text)
        const raw = of.rawValue('Path') ?? ''
        const plain =
          of.names.find(each => each.toLowerCase() === 'path') === 'Path' && /^ a![!-~]*$/.test(raw)
        expect(of.pathBeginsAt('a', octets)).to.equal(plain && 5 + raw.length <= octets)
      }),
    )
  })

  it('has octets put in front of a value, and all else as it was', () => {
    const text = 'X-A: 1\r\nXref: old\r\nPath: a!b\r\n.Dot: 2\r\n\r\n..body\r\n'.replace(
      '\r\n.Dot',
      '\r\n..Dot',
    )
    const inserted = article(text).edit({ remove: ['Xref'], insert: { name: 'Path', text: 'me!!' } })
    const replaced = article(text).edit({ remove: ['Xref'], replace: 'Path: me!!a!b' })
    expect(inserted.wire.equals(replaced.wire)).to.equal(true)
    for (const each of replaced.names) expect(inserted.header(each), each).to.equal(replaced.header(each))
    expect(inserted.bodyStart).to.equal(replaced.bodyStart)
    expect(inserted.octets).to.equal(replaced.octets)
  })
})
