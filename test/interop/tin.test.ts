import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { needs } from '../support/needs.ts'
import { editor, firstBody, postThread } from '../support/news-client.ts'
import { nodeProcess } from '../support/node-process.ts'
import { Terminal, tmux } from '../support/terminal.ts'

describe('tin', function () {
  this.timeout(120_000)
  before(function () {
    needs(this, { probe: ['rtin', '-V'], debian: 'tin' }, tmux)
  })

  it('shows a thread and an article, posts a follow-up, and keeps what was read', async () => {
    await using node = await nodeProcess()
    await postThread(node)
    const { home } = node
    await mkdir(join(home, '.tin'))
    await writeFile(
      join(home, '.tin/tinrc'),
      'mail_address=Tin User <tin@example.org>\nconfirm_choice=none\nmm_charset=UTF-8\n',
    )
    await writeFile(join(home, '.newsrc'), 'local.test:\nlocal.other:\n')
    const words = ['rtin', '-Q', '-g', '127.0.0.1', '-p', `${node.port}`]
    await using tin = new Terminal(words, { home, env: { EDITOR: await editor(node) } })

    await tin.shows(/1 +2 +local\.test[\s\S]*2 +1 +local\.other/)
    tin.press('Enter')
    await tin.shows(/1 +\+ +2 +5 +Grüße +Ann Åberg/)
    tin.press('Enter')
    const article = await tin.shows(/End of the first/)
    expect(article).to.contain('Ann Åberg <ann@example.org>').and.contain(firstBody.join('\n'))
    tin.press('f')
    await tin.asks(/p=post/)
    tin.press('p')
    const [, id] = /Article posted: (<\S+>)/.exec(await tin.shows(/Article posted: <\S+>/)) ?? []
    await tin.shows(/Norden[\s\S]*End of the first/)
    tin.press('q')
    await tin.shows(/local\.test \(1B/)
    tin.press('q')
    await tin.shows(/Group Selection/)
    tin.press('Q')
    await tin.ended()

    expect(await readFile(join(home, '.newsrc'), 'utf8')).to.match(/^local\.test: 1$/m)
    const { line, block } = await node.ask('GROUP local.test', 'ARTICLE 3')
    expect(line).to.equal(`220 3 ${id}`)
    expect(block).to.include.members([
      'From: Tin User <tin@example.org>',
      'References: <first@interop.example>',
    ])
    expect(block.slice(-3)).to.deep.equal(['.begins with a dot', '.', 'It is the end.'])
  })
})
