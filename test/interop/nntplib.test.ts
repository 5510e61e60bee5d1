import { expect } from 'chai'
import { needs } from '../support/needs.ts'
import { firstBody, postThread, runClient, scriptPath } from '../support/news-client.ts'
import { nodeProcess } from '../support/node-process.ts'

const python = ['python3', '-W', 'ignore'] as const

describe('Python nntplib', function () {
  this.timeout(120_000)
  before(function () {
    // Python 3.13 has it no more.
    needs(this, { probe: [...python, '-c', 'import nntplib'], debian: 'python3 (up to 3.12)' })
  })

  it('reads and posts', async () => {
    await using node = await nodeProcess()
    await postThread(node)
    const seen = JSON.parse(
      await runClient(node, [...python, scriptPath('read-and-post.py'), `${node.port}`]),
    )

    expect(seen.capabilities).to.include.keys('READER', 'POST', 'OVER', 'HDR', 'NEWNEWS')
    expect(seen.groups).to.deep.equal([
      ['local.closed', '0', '1', 'n'],
      ['local.other', '1', '1', 'y'],
      ['local.test', '2', '1', 'y'],
    ])
    expect(seen.described).to.include({ 'local.test': 'Tests', 'local.other': 'Other' })
    expect(seen['new groups']).to.equal(3)
    expect(seen.group).to.deep.equal([2, 1, 2, 'local.test'])
    expect(seen.over.map(([number]: [number]) => number)).to.deep.equal([1, 2])
    expect(seen.over[1][1]).to.include({
      from: 'Bob <bob@example.org>',
      'message-id': '<second@interop.example>',
      references: '<first@interop.example>',
      ':lines': '3',
      xref: 'node.example local.test:2 local.other:1',
    })
    expect(seen.decoded).to.deep.equal(['Grüße', 'Re: Grüße'])
    expect(seen.stat).to.equal('<second@interop.example>')
    expect(seen.next).to.deep.equal([2, '<second@interop.example>'])
    expect(seen.last).to.deep.equal([1, '<first@interop.example>'])
    expect(seen.body).to.deep.equal(firstBody)
    expect(seen.head).to.include('Path: node.example!.POSTED.127.0.0.1!not-for-mail')
    expect(seen.article.slice(0, 2)).to.deep.equal([1, '<first@interop.example>'])
    expect(seen.date).to.equal(true)

    expect(seen.posted).to.match(/^240 /)
    expect(seen.again).to.match(/^441 .*Duplicate/)
    expect(seen.listed).to.equal(3)
    expect(seen.new).to.have.members([
      '<first@interop.example>',
      '<second@interop.example>',
      '<nntplib@interop.example>',
    ])
    const { block } = await node.ask('BODY <nntplib@interop.example>')
    expect(block).to.deep.equal(['.begins with a dot', '.', 'It is the end.'])
  })
})
