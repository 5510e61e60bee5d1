import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'
import { needs } from '../support/needs.ts'
import { editor, firstBody, postThread, runClient } from '../support/news-client.ts'
import { type NodeProcess, nodeProcess } from '../support/node-process.ts'
import { Terminal, tmux } from '../support/terminal.ts'

describe('slrn', function () {
  this.timeout(120_000)
  before(function () {
    needs(this, { probe: ['slrn', '--version'], debian: 'slrn' }, tmux)
  })

  it('shows a thread and an article, posts a follow-up, and keeps what was read', async () => {
    await using node = await nodeProcess()
    await postThread(node)
    const { home } = node
    await configure(node)
    await writeFile(join(home, '.jnewsrc'), 'local.test:\nlocal.other:\n')
    await using slrn = new Terminal(['slrn', '-h', '127.0.0.1', '-p', `${node.port}`], { home })

    await slrn.shows(/2 +local\.test\n[\s\S]*1 +local\.other/)
    slrn.press('Home', 'Space')
    await slrn.shows(/5:\[Ann Åberg *\] +2 +Grüße/)
    slrn.press('Enter')
    const article = await slrn.shows(/End of the first/)
    expect(article).to.contain(firstBody.join('\n'))
    slrn.press('f')
    await slrn.shows(/want to followup/)
    slrn.press('y')
    await slrn.shows(/Post the message\?/)
    slrn.press('y')
    await slrn.shows(/Posting\.\.\.done/)
    slrn.press('q')
    await slrn.shows(/News Groups: 127\.0\.0\.1/)
    slrn.press('q')
    await slrn.shows(/want to quit/)
    slrn.press('y')
    await slrn.ended()

    expect(await readFile(join(home, '.jnewsrc'), 'utf8')).to.match(/^local\.test: 1$/m)
    const { block } = await node.ask('GROUP local.test', 'ARTICLE 3')
    expect(block).to.include.members([
      'From: Slrn User <slrn@example.org>',
      'References: <first@interop.example>',
    ])
    expect(block.slice(-3)).to.deep.equal(['.begins with a dot', '.', 'It is the end.'])
  })

  it('makes a newsrc and fetches descriptions', async () => {
    await using node = await nodeProcess()
    const words = ['slrn', '-h', '127.0.0.1', '-p', `${node.port}`, '-f', 'newsrc'] as const
    const { home } = node
    await configure(node)
    await using created = new Terminal([...words, '--create'], { home })
    await created.shows(/News Groups/)
    created.press('q')
    await created.shows(/want to quit/)
    created.press('y')
    await created.ended()
    expect((await readFile(join(home, 'newsrc'), 'utf8')).split('\n')).to.include.members([
      'local.closed!',
      'local.other!',
      'local.test!',
    ])
    await runClient(node, [...words, '-d'])
    expect((await readFile(join(home, 'newsrc.dsc'), 'utf8')).split('\n')).to.include.members([
      'local.other:Other',
      'local.test:Tests',
    ])
  })
})

describe('slrnpull', function () {
  this.timeout(120_000)
  before(function () {
    needs(this, { probe: ['sh', '-c', 'command -v slrnpull'], debian: 'slrnpull' })
  })

  it('fetches articles and posts what waits', async () => {
    await using node = await nodeProcess()
    await postThread(node)
    const spool = join(node.home, 'spool')
    for (const folder of ['news', 'out.going', 'data']) await mkdir(join(spool, folder), { recursive: true })
    await writeFile(join(spool, 'slrnpull.conf'), 'default 50 0 0\nlocal.test\n')
    await writeFile(
      join(spool, 'out.going/X1'),
      'From: Pull <pull@example.org>\nNewsgroups: local.test\nSubject: Offline\n\nWritten offline.\n',
    )
    await runClient(node, ['slrnpull', '-d', spool, '-h', `127.0.0.1:${node.port}`])

    const fetched = await readFile(join(spool, 'news/local/test/1'), 'utf8')
    expect(fetched.slice(fetched.indexOf('\n\n') + 2)).to.equal(`${firstBody.join('\n')}\n`)
    expect(await readFile(join(spool, 'news/local/test/2'), 'utf8')).to.contain(
      'Message-ID: <second@interop.example>',
    )
    const { block } = await node.ask('GROUP local.test', 'ARTICLE 3')
    expect(block).to.include.members(['Subject: Offline', 'Written offline.'])
  })
})

async function configure(node: NodeProcess): Promise<void> {
  const settings = [
    'set username "slrn"',
    'set hostname "example.org"',
    'set realname "Slrn User"',
    `set editor_command "${await editor(node)} %s"`,
  ]
  await writeFile(join(node.home, '.slrnrc'), `${settings.join('\n')}\n`)
}
