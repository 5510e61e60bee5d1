import { expect } from 'chai'
import fc from 'fast-check'
import { Article } from '../../../src/article.ts'
import { changesFor, type KnownGroup } from '../../../src/feed/group-control/changes.ts'
import { groupRequest } from '../../../src/feed/group-control/request.ts'
import { isCreatable, type Newsgroup, parseNewsgroup } from '../../../src/newsgroup.ts'
import { Reason } from '../../../src/reason.ts'
import { wireFromText } from '../../../src/wire.ts'

const limits = { header_bytes: 65_536, header_line_bytes: 8_192, headers: 300 }

function articleOf(control: string, body: string | Buffer = '', more = ''): Article {
  const head = Buffer.from(`Control: ${control}\n${more}\n`, 'latin1')
  const octets = typeof body === 'string' ? Buffer.from(body, 'latin1') : body
  const article = Article.parse(wireFromText(Buffer.concat([head, octets])), limits)
  if (article instanceof Reason) throw new Error(article.text)
  return article
}

const known = (...lines: readonly string[]): ReadonlyMap<string, KnownGroup> =>
  new Map(
    lines.map(line => {
      const [name = '', status = 'y', ...words] = line.split(' ')
      return [name, { name: name as Newsgroup, status, description: words.join(' ') }]
    }),
  )

/** In words, so that a table can be read. */
function planned(article: Article, here = known(), allows: (name: string) => boolean = () => true) {
  const request = groupRequest(article)
  if (request === undefined) return 'nothing'
  if ('malformed' in request) return request.malformed
  const changes = changesFor(request, { known: here, allows })
  if (typeof changes === 'string') return changes
  return changes.map(change => {
    if (change.action === 'remove') return `- ${change.name}`
    const { action, name, status = '', description = '' } = change
    return `${action === 'add' ? '+' : '='} ${name} ${status} ${description}`.trimEnd()
  })
}

const list = 'far.a\t\tAll about A\nfar.b\tAbout B (Moderated)\nnear.c\tAbout C\n'

describe('what a control message asks for', () => {
  const here = known('far.a y All about A', 'far.b y Old', 'far.old y Old', 'far.alias =far.a', 'near.x y')

  const lists: readonly [string, string, string, readonly string[] | string][] = [
    ['with a scope', 'checkgroups far', list, ['= far.b m About B (Moderated)', '- far.old']],
    [
      'with two scopes',
      'checkgroups far near',
      list,
      ['= far.b m About B (Moderated)', '+ near.c y About C', '- far.old', '- near.x'],
    ],
    ['with a part left out', 'checkgroups far !far.old #7', list, ['= far.b m About B (Moderated)']],
    [
      'with a part and what is in it left out',
      'checkgroups far !far',
      list,
      'nothing inside of scope and rule',
    ],
    ['with a scope that only begins alike', 'checkgroups fa', list, 'nothing inside of scope and rule'],
    [
      'without a scope: nothing goes',
      'checkgroups',
      list,
      ['= far.b m About B (Moderated)', '+ near.c y About C'],
    ],
    ['with a serial that is none', 'checkgroups far #x', list, 'no serial number behind #'],
    ['with a serial of many digits', `checkgroups far #${'9'.repeat(16)}`, list, 'no serial number behind #'],
    ['with a scope that is none', 'checkgroups far /etc', list, 'no scope'],
    ['longer than any', 'checkgroups far', '\n'.repeat(50_001), 'a longer list than any'],
    ['without a list', 'checkgroups far', ' \n\n', 'no list of newsgroups'],
    ['with a line that is none', 'checkgroups far', `${list}$(id)\tx\n`, 'a line without a newsgroup name'],
    ['with a group twice', 'checkgroups far', `${list}far.a\tx\n`, 'a newsgroup that is listed twice'],
    [
      'with names that may not be created',
      'checkgroups far',
      `${list}far.Upper\tx\nfar.all\ty\n`,
      ['= far.b m About B (Moderated)', '- far.old'],
    ],
  ]
  for (const [what, control, body, wanted] of lists)
    it(`is told by a list ${what}`, () => {
      expect(planned(articleOf(control, body), here)).to.deep.equal(wanted)
    })

  it('never reaches outside of the rule', () => {
    const far = (name: string) => name.startsWith('far.')
    expect(planned(articleOf('checkgroups far near', list), here, far)).to.deep.equal([
      '= far.b m About B (Moderated)',
      '- far.old',
    ])
    expect(planned(articleOf('checkgroups near', list), here, far)).to.equal(
      'nothing inside of scope and rule',
    )
    expect(planned(articleOf('newgroup near.d'), here, far)).to.equal('outside of the rule')
    expect(planned(articleOf('rmgroup near.x'), here, far)).to.equal('outside of the rule')
  })

  it('is refused where most of a hierarchy would go', () => {
    const many = known(...Array.from({ length: 30 }, (_, at) => `far.g${at}`))
    expect(planned(articleOf('checkgroups far', 'far.g0\tx\n'), many)).to.equal(
      'would remove 29 of 30 newsgroups',
    )
    const half = Array.from({ length: 15 }, (_, at) => `far.g${at}\n`).join('')
    expect(planned(articleOf('checkgroups far', half), many)).to.have.length(15)
  })

  it('is read from a part of several, in its charset', () => {
    const part = (type: string, text: string) => `--x\nContent-Type: ${type}\n\n${text}\n`
    const info = part(
      'application/news-groupinfo; charset=iso-8859-1',
      'For your newsgroups file:\nfar.d\tDinge \xfcber D',
    )
    const text = part('text/plain', 'We make far.d.\nFor your newsgroups file:\nfar.d\tAnother text')
    const type = 'Content-Type: multipart/mixed; boundary=x\n'
    expect(planned(articleOf('newgroup far.d', `${text}${info}--x--\n`, type))).to.deep.equal([
      '+ far.d y Dinge über D',
    ])
    expect(planned(articleOf('newgroup far.d', `${text}--x--\n`, type))).to.deep.equal([
      '+ far.d y Another text',
    ])
    const listed = part('application/news-checkgroups', 'far.d\tListed')
    const intro = part('text/plain', 'A list of groups:\nfar.e\tno')
    expect(planned(articleOf('checkgroups far', `${intro}${listed}--x--\n`, type))).to.deep.equal([
      '+ far.d y Listed',
    ])
  })

  it('takes no description of another group, and none that is not marked', () => {
    for (const body of [
      'far.d\tText\n',
      'For your newsgroups file:\nfar.e\tText\n',
      'Text\nFor your newsgroups file:',
    ])
      expect(planned(articleOf('newgroup far.d', body)), body).to.deep.equal(['+ far.d y'])
  })

  it('is one line of text, and no longer than fits', () => {
    const body = `For your newsgroups file:\nfar.d\tA\x07b\x1b[2J ${'\xe9'.repeat(400)}\n`
    const [change = ''] = planned(articleOf('newgroup far.d', body))
    expect(change).to.match(/^\+ far\.d y A b \[2J é+$/)
    expect(change.length).to.be.lessThan(320)
  })

  it('says who is moderated in octets, whatever charset somebody on the way has written above it', () => {
    const moderated = ['= far.b m About B (Moderated)', '- far.old']
    for (const charset of ['utf-16', 'utf-16le', 'ucs-2', 'utf-7', 'nonsense']) {
      const type = `Content-Type: text/plain; charset=${charset}\n`
      expect(planned(articleOf('checkgroups far', list, type), here), charset).to.deep.equal(moderated)
    }
    const long = `far.d\t${'d'.repeat(400)} (Moderated) \n`
    expect(planned(articleOf('checkgroups', long), here)).to.deep.equal([`+ far.d m ${'d'.repeat(300)}`])
  })

  it('is looked for no further than a message about one group is long', () => {
    const tag = 'For your newsgroups file:\nfar.d\tText\n'
    const filled = (octets: number) => `${'fj.a \xff\n'.repeat(octets / 7)}${tag}`
    expect(planned(articleOf('newgroup far.d', filled(40_000)))).to.deep.equal(['+ far.d y Text'])
    expect(planned(articleOf('newgroup far.d', filled(900_000)))).to.deep.equal(['+ far.d y'])
  })

  it('is nothing of other control messages', () => {
    for (const control of ['cancel <a@b>', 'sendsys', '', 'x newgroup far.a', 'new group far.a'])
      expect(planned(articleOf(control)), control).to.equal('nothing')
  })

  it('is answered whatever octets come, and touches only names that may be', () => {
    const words = fc.constantFrom(
      'far.a',
      'far.b\t',
      '(Moderated)',
      '\n',
      ' ',
      '!',
      '#1',
      'far',
      '--x\n',
      'For your newsgroups file:\n',
      '\xff',
    )
    const octets = fc.oneof(
      fc.uint8Array({ maxLength: 200 }).map(array => Buffer.from(array)),
      fc.array(words, { maxLength: 30 }).map(all => Buffer.from(all.join(''), 'latin1')),
    )
    const verbs = fc.constantFrom('newgroup', 'rmgroup', 'checkgroups')
    const args = fc.array(fc.oneof(words, fc.stringMatching(/^[!-~]*$/)), { maxLength: 4 })
    const types = fc.constantFrom(
      '',
      'Content-Type: multipart/mixed; boundary=x\n',
      'Content-Type: application/news-checkgroups; charset=utf-7\n',
    )
    fc.assert(
      fc.property(verbs, args, octets, types, (verb, more, body, type) => {
        const control = `${verb} ${more.join(' ').replaceAll('\n', ' ')}`.trimEnd()
        const request = groupRequest(articleOf(control, body, type))
        if (request === undefined || 'malformed' in request) return
        const changes = changesFor(request, { known: here, allows: name => name.startsWith('far.') })
        if (typeof changes === 'string') return
        for (const change of changes) {
          expect(parseNewsgroup(change.name)).to.equal(change.name)
          expect(change.name).to.match(/^far\./)
          if (change.action === 'add') expect(isCreatable(change.name)).to.equal(true)
          else expect(here.has(change.name)).to.equal(true)
          if (change.action !== 'remove') expect(change.description ?? '').not.to.match(/\p{Cc}/u)
        }
      }),
    )
  })
})
