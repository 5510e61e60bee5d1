import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import type { RawClient } from '../support/raw-client.ts'
import { corpusSuite } from './corpus.ts'
import { fieldOf, takeApart } from './fields.ts'
import { ProcessNode } from './process-node.ts'

interface Offered {
  readonly id: string
  readonly file: string
  readonly takethis: Buffer
}

function readAll(root: string): Offered[] {
  return readdirSync(root).flatMap(group =>
    readdirSync(join(root, group)).map(name => {
      const file = join(group, name)
      const text = readFileSync(join(root, file), 'latin1').replace(/(?<!\r)\n/g, '\r\n')
      const whole = text.endsWith('\r\n') ? text : `${text}\r\n`
      const id = fieldOf(takeApart(whole), 'Message-ID') ?? ''
      const stuffed = whole.replace(/^\./gm, '..')
      return { id, file, takethis: Buffer.from(`TAKETHIS ${id}\r\n${stuffed}.\r\n`, 'latin1') }
    }),
  )
}

/** Sends all commands, a number of them ahead of their answers. */
async function streamed(client: RawClient, commands: readonly (Buffer | string)[]): Promise<string[]> {
  const answers: string[] = []
  for (let at = 0; at < commands.length; at += 100) {
    const some = commands.slice(at, at + 100)
    for (const command of some) client.send(command)
    while (answers.length < at + some.length) answers.push(await client.line())
  }
  return answers
}

corpusSuite('old articles from a peer', folder => {
  it('are taken but for one, and declined when they are offered again', async () => {
    const root = join(folder, '20ng')
    const groups = readdirSync(root).map(name => `[[group]]\nname = "${name}"\n`)
    const peer = '[[peer]]\nname = "old.example"\nfrom = ["127.0.0.1"]\naccept = "*"\n'
    await using node = await ProcessNode.start({ more: groups.join('') + peer })
    const articles = readAll(root)
    const ids = [...new Set(articles.map(({ id }) => id))]
    expect([articles.length, ids.length]).to.deep.equal([6000, 5986])
    const client = await node.connect()

    const first = await streamed(
      client,
      articles.map(({ takethis }) => takethis),
    )
    const refused = first.flatMap((answer, at) =>
      answer.startsWith('239 ') || answer.endsWith(' Duplicate')
        ? []
        : [`${articles[at]?.file} ${answer.replace(/^439 \S+ /, '')}`],
    )
    expect(refused.map(line => line.replace(/^\S+ /, ''))).to.deep.equal(['Bare CR in article'])
    expect(first.filter(answer => answer.startsWith('239 '))).to.have.length(5985)

    const checked = await streamed(
      client,
      ids.map(id => `CHECK ${id}\r\n`),
    )
    expect(checked.filter(answer => answer.startsWith('438 '))).to.have.length(5985)
    expect(checked.filter(answer => answer.startsWith('238 '))).to.have.length(1)
    const again = await streamed(
      client,
      articles.map(({ takethis }) => takethis),
    )
    expect(again.filter(answer => answer.endsWith(' Duplicate'))).to.have.length(5999)
    expect(again.filter(answer => answer.endsWith(' Bare CR in article'))).to.have.length(1)
  })
})
