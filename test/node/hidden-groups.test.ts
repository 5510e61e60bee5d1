import { expect } from 'chai'
import { Network, type Site } from '../support/network.ts'
import { anyone, proto } from '../support/node.ts'

const all = ['0.0.0.0/0', '::/0']
const config = {
  group: [
    { name: 'local.test', description: 'Tests' },
    { name: 'secret.staff', description: 'Hush' },
    { name: 'secret.mod', status: 'm' },
    { name: 'local.old', status: '=secret.staff' },
    { name: 'local.moderated', status: 'm' },
  ],
  moderator: [
    { groups: 'secret.*', address: 'boss@example.org' },
    { groups: '*', address: 'moderator@example.org' },
  ],
  lists: {
    subscriptions: ['secret.staff', 'local.test'],
    distrib_pats: ['10:secret.*:staff', '5:local.*,secret.x:local'],
  },
  access: [
    { from: all, read: '*,!secret.*', post: 'local.*' },
    { from: ['10.0.0.0/8'], read: '*', post: '*' },
  ],
}

/** One article in both groups, one in the hidden one alone. */
async function filled(network: Network): Promise<Site> {
  const site = await network.site('a.example', { config })
  const staff = await site.session('staff.example')
  for (const [id, groups] of [
    ['<both@x>', 'secret.staff,local.test'],
    ['<staff@x>', 'secret.staff'],
  ]) {
    staff.send('POST\r\n')
    await staff.line()
    staff.send(
      `From: a@x.example\r\nSubject: s\r\nNewsgroups: ${groups}\r\nMessage-ID: ${id}\r\n\r\nHello.\r\n.\r\n`,
    )
    expect(await staff.line()).to.match(/^240 /)
  }
  staff.end()
  const cancel = { From: 'a@x.example', Subject: 's', Newsgroups: 'secret.staff', Control: 'cancel <none@x>' }
  const done = await site.node.feed.inject(proto({ ...cancel, 'Message-ID': '<control@x>' }), {
    ...anyone,
    account: 'ann',
  })
  expect(done.kind).to.equal('accepted')
  return site
}

/** All that a reader may ask; each answer must not name what is hidden. */
const questions = [
  'LIST',
  'LIST ACTIVE *',
  'LIST ACTIVE secret.staff',
  'LIST NEWSGROUPS',
  'LIST ACTIVE.TIMES',
  'LIST COUNTS',
  'LIST MODERATORS',
  'LIST SUBSCRIPTIONS',
  'LIST DISTRIB.PATS',
  'XGTITLE *',
  'NEWGROUPS 19990101 000000 GMT',
  'NEWNEWS * 19990101 000000 GMT',
  'NEWNEWS secret.* 19990101 000000 GMT',
  'HELP',
  'CAPABILITIES',
  'GROUP local.test',
  'LISTGROUP',
  'OVER 1-',
  'XOVER 1-',
  'OVER <both@x>',
  'HDR Xref 1-',
  'HDR Xref <both@x>',
  'XHDR Xref 1-',
  'XPAT Xref 1- *',
  'XPAT Xref 1- *secret*',
  'XPAT Xref <both@x> *secret*',
]

describe('groups that may not be read', () => {
  it('are named by no answer', async () => {
    await using network = new Network()
    const site = await filled(network)
    const reader = await site.session()
    for (const question of questions) {
      reader.send(`${question}\r\n`)
      const status = await reader.line()
      expect(status, question).to.match(/^[12]/).and.not.contain('secret')
      if (question.startsWith('GROUP')) continue
      expect((await reader.block()).join('\n'), question).to.not.match(/secret|Hush|boss|staff@x|control/)
    }
    reader.end()
  })

  it('are as if they were not there', async () => {
    await using network = new Network()
    const site = await filled(network)
    const reader = await site.session()
    await reader.play(`
      C: GROUP secret.staff
      S: 411 *
      C: LISTGROUP secret.staff
      S: 411 *
      C: ARTICLE <staff@x>
      S: 430 *
      C: STAT <staff@x>
      S: 430 *
      C: HEAD <control@x>
      S: 430 *
      C: OVER <staff@x>
      S: 430 *
      C: HDR Subject <staff@x>
      S: 430 *
      C: XPAT Subject <staff@x> *
      S: 430 *
      C: LIST ACTIVE local.*
      S: 215 *
      S: local.moderated 0 1 m
      S: local.old 0 1 x
      S: local.test 1 1 y
      S: .
      C: LIST MODERATORS
      S: 215 *
      S: local.moderated:moderator@example.org
      S: .
      C: NEWNEWS * 19990101 000000 GMT
      S: 230 *
      S: <both@x>
      S: .
      C: POST
      S: 340 *
      C: From: a@x.example
      C: Subject: s
      C: Newsgroups: secret.staff
      C: 
      C: .
      S: 441 No valid newsgroups in "secret.staff"`)
    reader.end()
    expect(await site.post({ Newsgroups: 'local.old' })).to.equal(
      '441 Postings to "local.old" are not allowed here',
    )
    expect(await site.post({ Newsgroups: 'secret.staff,local.test', 'Message-ID': '<try@x>' })).to.match(
      /^240 /,
    )
    const staff = await site.session('staff.example')
    staff.send('XHDR Xref <try@x>\r\nQUIT\r\n')
    await staff.line()
    expect(await staff.block()).to.deep.equal(['<try@x> a.example local.test:2'])
  })

  it('are left out of Xref, and the sizes agree; Newsgroups is the text of the author', async () => {
    await using network = new Network()
    const site = await filled(network)
    const [reader, staff] = [await site.session(), await site.session('staff.example')]
    const ask = async (client: typeof reader, command: string) => {
      client.send(`${command}\r\n`)
      const status = await client.line()
      return [status, ...(/^21/.test(status) ? [] : await client.block())]
    }
    for (const client of [reader, staff]) await ask(client, 'GROUP local.test')
    const article = await ask(reader, 'ARTICLE 1')
    expect(article).to.include('Xref: a.example local.test:1')
    expect(article).to.include('Newsgroups: secret.staff,local.test')
    expect(await ask(staff, 'ARTICLE 1')).to.include('Xref: a.example secret.staff:1 local.test:1')
    expect((await ask(reader, 'ARTICLE <both@x>')).slice(1)).to.deep.equal(article.slice(1))
    expect(await ask(reader, 'HEAD 1')).to.deep.equal([
      '221 1 <both@x>',
      ...article.slice(1, article.indexOf('')),
    ])
    const octets = article.slice(1).join('\r\n').length + 2
    for (const command of ['HDR :bytes 1', 'HDR :bytes <both@x>'])
      expect((await ask(reader, command))[1]?.split(' ')[1]).to.equal(String(octets))
    const [, over = ''] = await ask(reader, 'OVER 1')
    expect(over.split('\t')[6]).to.equal(String(octets))
    expect(over.split('\t')[8]).to.equal('Xref: a.example local.test:1')
    for (const client of [reader, staff]) client.end()
  })
})
