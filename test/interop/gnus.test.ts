import { expect } from 'chai'
import { needs } from '../support/needs.ts'
import { firstBody, postThread, runClient, scriptPath } from '../support/news-client.ts'
import { nodeProcess } from '../support/node-process.ts'

describe('Gnus', function () {
  this.timeout(120_000)
  before(function () {
    needs(this, { probe: ['emacs', '--version'], debian: 'emacs-nox' })
  })

  it('reads a group and an article, and posts a follow-up', async () => {
    await using node = await nodeProcess()
    await postThread(node)
    const port = `(setq port ${node.port})`
    const script = scriptPath('read-and-post.el')
    const seen = JSON.parse(await runClient(node, ['emacs', '--batch', '-Q', '--eval', port, '-l', script]))

    expect(seen.groups).to.include.members(['2: local.test', '1: local.other', '0: local.closed'])
    // The second is an answer to the first, so its line does not repeat the subject.
    expect(seen.summary).to.deep.equal(['1 Grüße by Ann Åberg , 5 lines', '2  by Bob , 3 lines'])
    expect(seen.article).to.include('From: Ann Åberg <ann@example.org>')
    expect(seen.article.slice(-5)).to.deep.equal(firstBody)

    expect(seen.sent).to.equal(true)
    expect(seen['groups then']).to.satisfy((lines: string[]) =>
      lines.some(line => /^3:.local\.test$/.test(line)),
    )
    const { block } = await node.ask('GROUP local.test', 'ARTICLE 3')
    expect(block).to.include('References: <first@interop.example>')
    expect(block.join('\n')).to.match(/^Subject: Re: =\?utf-8\?[BQ]\?/im)
    expect(block.slice(-4)).to.deep.equal(['', '.begins with a dot', '.', 'It is the end.'])
  })
})
