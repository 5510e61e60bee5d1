import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import type { RawClient } from '../support/raw-client.ts'
import { corpusSuite } from './corpus.ts'
import { fieldOf, served, takeApart, without } from './fields.ts'
import { ProcessNode } from './process-node.ts'

interface OddFile {
  readonly path: string
  readonly octets: Buffer
}

function readAll(root: string): OddFile[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && !entry.name.startsWith('.'))
    .map(entry => join(entry.parentPath, entry.name))
    .sort()
    .map(path => ({ path, octets: readFileSync(path) }))
}

/** Fields that the server adds or makes its own. */
const injected = ['path', 'xref', 'injection-info', 'injection-date']
const completed = ['newsgroups', 'date', 'message-id', 'subject']

/** `text` as the server shows it, without what it had to add. */
function kept(text: string, original: string): string {
  const has = (name: string) => fieldOf(takeApart(original), name) !== undefined
  return without(takeApart(text), [...injected, ...completed.filter(name => !has(name))])
}

const textOf = async (client: RawClient) => `${(await client.block()).join('\r\n')}\r\n`

const stuffed = (text: string) => text.replace(/(^|\r\n)\./g, '$1..')

/** Sends octets as the block of POST; then the session must still be in step. */
async function post(client: RawClient, octets: string, where: string): Promise<string> {
  client.send('POST\r\n')
  expect(await client.line(), where).to.match(/^340 /)
  client.send(Buffer.from(`${octets}.\r\n`, 'latin1'))
  const answer = await client.line()
  expect(answer, where).to.match(/^(240 .*<\S+>|441 \S.*)$/)
  client.send('DATE\r\n')
  expect(await client.line(), where).to.match(/^111 \d{14}$/)
  return answer
}

/** The counts of what was taken and what was refused. */
async function postAll(
  files: readonly OddFile[],
  shape: (file: OddFile) => string | undefined,
): Promise<{ taken: number; refused: number }> {
  await using node = await ProcessNode.start({ more: '[[group]]\nname = "odd.files"\n' })
  const client = await node.connect()
  const counts = { taken: 0, refused: 0 }
  for (const file of files) {
    const text = shape(file)
    if (text === undefined) continue
    const answer = await post(client, stuffed(text), file.path)
    if (answer.startsWith('441')) {
      counts.refused++
      continue
    }
    counts.taken++
    const id = /<\S+>$/.exec(answer)?.[0]
    client.send(`ARTICLE ${id}\r\n`)
    expect(await client.line(), file.path).to.equal(`220 0 ${id}`)
    expect(kept(await textOf(client), text), file.path).to.equal(without(takeApart(text), ['path']))
  }
  return counts
}

/** With the fields that a posting must have and this file lacks. */
function asPosting(text: string): string {
  const taken = takeApart(text)
  const lacks = (name: string) => fieldOf(taken, name) === undefined
  const date = 'Date: Sat, 06 Mar 2004 21:39:54 +0000\r\n'
  const fields = [
    lacks('From') ? 'From: a@example.com\r\n' : '',
    lacks('Subject') ? 'Subject: odd\r\n' : '',
    lacks('Date') ? date : '',
    'Newsgroups: odd.files\r\n',
  ]
  // Mail servers' fields are not for articles; the group must be ours.
  const own = /^(?:newsgroups|xref|path|injection-\S+|x-trace|x-complaints-to|nntp-posting-\S+):/i
  const rest = taken.fields.filter(field => !own.test(field))
  return `${fields.join('')}${rest.join('')}\r\n${taken.body}`
}

corpusSuite('odd files', folder => {
  const files = readAll(join(folder, 'odd'))

  it('are kept exactly or refused with a reason, when they are posted as they are', async () => {
    const { refused } = await postAll(files, ({ octets }) => served(octets))
    expect(refused).to.be.greaterThan(100)
  })

  it('are kept exactly or refused with a reason, when they are made postings', async () => {
    const { taken, refused } = await postAll(files, ({ octets }) => asPosting(served(octets)))
    expect(taken).to.be.greaterThan(50)
    expect(refused).to.be.greaterThan(20)
  })

  it('leave the session in step when a careless client sends them without looking', async () => {
    await using node = await ProcessNode.start({ more: '[[group]]\nname = "odd.files"\n' })
    const client = await node.connect()
    for (const { path, octets } of files) {
      const text = octets.toString('latin1')
      // An end in the middle is an end: what follows are commands, and nobody's fault.
      if (/(^|\r\n)\.\r\n/.test(text)) continue
      await post(client, `${text}\r\n`, path)
    }
  })

  it('are kept exactly or refused with a reason, when they are imported', async () => {
    await using node = await ProcessNode.start()
    const rejects = join(node.path, 'rejects')
    const words = [join(folder, 'odd'), '--format', 'files', '--group', 'odd.files', '--create-groups']
    const first = await node.import([...words, '--rejects', rejects])
    const { accepted = 0, duplicates = 0, refused = 0 } = first
    expect(first).to.include({ articles: files.length, code: 65 })
    expect(accepted + duplicates + refused).to.equal(files.length)

    const reasons = new Map<string, string>()
    for (const line of readFileSync(rejects, 'latin1').split('\n')) {
      const at = line.indexOf(` (${folder}`)
      const reason = /^X-Tidings-Rejected: (\S+: \S.*)$/.exec(line.slice(0, at))?.[1]
      if (reason !== undefined) reasons.set(line.slice(at + 2, -1), reason)
    }
    expect(reasons.size).to.equal(refused)

    const client = await node.connect()
    const articles = await everything(client)
    expect(articles).to.have.lengthOf(accepted)
    let found = 0
    for (const { path, octets } of files) {
      if (reasons.has(path)) continue
      const original = served(octets)
      const wanted = without(takeApart(original), injected)
      if (articles.some(text => kept(text, original) === wanted)) found++
      else expect(duplicateOf(original, articles), path).to.equal(true)
    }
    expect(found).to.be.at.least(accepted)
    client.send('DATE\r\n')
    expect(await client.line()).to.match(/^111 /)

    expect(await node.import(words)).to.include({ accepted: 0, refused, duplicates: duplicates + accepted })
  })
})

/** Another file with the same message-ID came first. */
function duplicateOf(original: string, articles: readonly string[]): boolean {
  const id = fieldOf(takeApart(original), 'Message-ID')
  return id !== undefined && articles.some(text => fieldOf(takeApart(text), 'Message-ID') === id)
}

/** Every article of the node, once. */
async function everything(client: RawClient): Promise<string[]> {
  client.send('NEWNEWS * 19700101 000000 GMT\r\n')
  expect(await client.line()).to.match(/^230 /)
  const texts: string[] = []
  for (const id of await client.block()) {
    client.send(`ARTICLE ${id}\r\n`)
    expect(await client.line()).to.equal(`220 0 ${id}`)
    texts.push(await textOf(client))
  }
  return texts
}
