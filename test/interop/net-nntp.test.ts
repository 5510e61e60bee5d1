import { expect } from 'chai'
import { needs } from '../support/needs.ts'
import { firstBody, postThread, runClient, scriptPath } from '../support/news-client.ts'
import { nodeProcess } from '../support/node-process.ts'

describe('Perl Net::NNTP', function () {
  this.timeout(120_000)
  before(function () {
    needs(this, { probe: ['perl', '-MNet::NNTP', '-MJSON::PP', '-e', '1'], debian: 'perl' })
  })

  it('reads and posts', async () => {
    await using node = await nodeProcess()
    await postThread(node)
    const seen = JSON.parse(await runClient(node, ['perl', scriptPath('read-and-post.pl'), `${node.port}`]))

    expect(seen).to.include({ reader: 1, postok: 1, date: 1 })
    expect(seen.active).to.deep.equal({
      'local.closed': ['0', '1', 'n'],
      'local.other': ['1', '1', 'y'],
      'local.test': ['2', '1', 'y'],
    })
    expect(seen.newsgroups).to.deep.equal({ 'local.test': 'Tests' })
    expect(seen.format.slice(0, 7)).to.deep.equal([
      'Subject:',
      'From:',
      'Date:',
      'Message-ID:',
      'References:',
      'Bytes:',
      'Lines:',
    ])
    expect(seen['new groups']).to.deep.equal(['local.closed', 'local.other', 'local.test'])
    expect(seen.group).to.deep.equal(['2', '1', '2', 'local.test'])
    expect(seen.numbers).to.deep.equal(['1', '2'])
    expect(seen.over[2]).to.include.members(['Bob <bob@example.org>', '<second@interop.example>'])
    expect(seen.subjects[1]).to.equal('=?UTF-8?Q?Gr=C3=BC=C3=9Fe?=')
    expect(Object.keys(seen.pattern)).to.deep.equal(['2'])
    expect([seen.stat, seen.next, seen.last]).to.deep.equal([
      '<first@interop.example>',
      '<second@interop.example>',
      '<first@interop.example>',
    ])
    expect(seen.body).to.deep.equal(firstBody.map(line => `${line}\n`))
    expect(seen.head).to.include('References: <first@interop.example>\n')

    expect(seen.posted).to.equal(1)
    expect(seen.answer).to.match(/^240 /)
    expect(seen.again).to.match(/^441 .*Duplicate/)
    expect(seen.absent).to.match(/^411 /)
    expect(seen.new).to.have.members([
      '<first@interop.example>',
      '<second@interop.example>',
      '<perl@interop.example>',
    ])
    const { block } = await node.ask('BODY <perl@interop.example>')
    expect(block).to.deep.equal(['.begins with a dot', '.', 'It is the end.'])
  })
})
