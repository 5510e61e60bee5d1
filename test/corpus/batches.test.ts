import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect } from 'chai'
import { corpusSuite } from './corpus.ts'
import { fieldOf, takeApart, without } from './fields.ts'
import { ProcessNode } from './process-node.ts'

const rejectsOf = (path: string) =>
  readFileSync(path, 'latin1')
    .split('\n')
    .filter(line => line.startsWith('X-Tidings-Rejected: '))

/** The files of a spool as one batch. */
function batchOf(root: string): Buffer {
  const pieces = readdirSync(root).flatMap(group =>
    readdirSync(join(root, group)).flatMap(name => {
      const text = readFileSync(join(root, group, name))
      return [Buffer.from(`#! rnews ${text.length}\n`), text]
    }),
  )
  return Buffer.concat(pieces)
}

interface Digest {
  /** Of the article without Path and Xref. */
  readonly text: string
  readonly groups: readonly string[]
}

/** `text`: one character an octet, lines end LF. */
function digestOf(text: string): string {
  const kept = without(takeApart(text.replace(/(?<!\r)\n/g, '\r\n')), ['path', 'xref'])
  return createHash('sha256').update(kept, 'latin1').digest('hex')
}

/** Every article of the node by message-ID. */
async function digests(node: ProcessNode): Promise<Map<string, Digest>> {
  const { stdout } = await node.run(['export', '--format', 'jsonl'])
  const found = new Map<string, Digest>()
  for (const line of stdout.split('\n').filter(text => text !== '')) {
    const row = JSON.parse(line)
    const octets = row.article_base64 ? Buffer.from(row.article_base64, 'base64') : Buffer.from(row.article)
    const groups = row.groups.map(({ group }: { group: string }) => group).sort()
    found.set(row.message_id, { text: digestOf(octets.toString('latin1')), groups })
  }
  return found
}

function readSpoolDigests(root: string): Map<string, string> {
  const found = new Map<string, string>()
  for (const group of readdirSync(root))
    for (const name of readdirSync(join(root, group))) {
      const text = readFileSync(join(root, group, name), 'latin1')
      const id = fieldOf(takeApart(text.replace(/(?<!\r)\n/g, '\r\n')), 'Message-ID')
      if (id !== undefined) found.set(id, digestOf(text.endsWith('\n') ? text : `${text}\n`))
    }
  return found
}

corpusSuite('mailboxes, batches and old sources', folder => {
  it('takes every mail of a mailbox into the group named', async () => {
    await using node = await ProcessNode.start()
    const mbox = join(folder, 'linux-mips.mbox')
    const words = [mbox, '--group', 'linux.mips', '--create-groups']
    const counts = { articles: 1500, accepted: 1500, duplicates: 0, refused: 0, code: 0 }
    expect(await node.import(words)).to.include(counts)
    expect(await node.import(words)).to.include({ ...counts, accepted: 0, duplicates: 1500 })

    // Every message is there in its order, octet for octet but for what a mail lacks and quoting took away.
    const client = await node.connect()
    client.send('GROUP linux.mips\r\n')
    expect(await client.line()).to.equal('211 1500 1 1500 linux.mips')
    const mails = readFileSync(mbox, 'latin1')
      .split(/(?<=^|\n)From [^\n]*\n/)
      .slice(1)
    expect(mails).to.have.lengthOf(1500)
    for (const [index, mail] of mails.entries()) {
      client.send(`BODY ${index + 1}\r\n`)
      expect(await client.line()).to.match(/^222 /)
      const { body } = takeApart(
        mail
          .replace(/\n$/, '')
          .replace(/^>(>*From )/gm, '$1')
          .replace(/\n/g, '\r\n'),
      )
      expect(`${(await client.block()).join('\r\n')}\r\n`, `message ${index + 1}`).to.equal(body)
    }
  })

  it('completes postings of the 1980s or says clearly what they lack', async () => {
    await using node = await ProcessNode.start()
    const rejects = join(node.path, 'rejects')
    const words = [join(folder, 'comp.sources.unix'), '--group', 'comp.sources.unix', '--create-groups']
    const first = await node.import([...words, '--rejects', rejects])
    expect(first).to.include({ articles: 62, accepted: 15, refused: 47, code: 65 })
    const lines = rejectsOf(rejects)
    expect(lines).to.have.lengthOf(47)
    for (const line of lines)
      expect(line).to.match(
        /: (missing-header: Missing required From header field|bad-header: Bad header: \S)/,
      )
    expect(await node.import(words)).to.include({ accepted: 0, duplicates: 15, refused: 47 })
  })

  it('takes batches, plain and packed, and gives the same articles', async () => {
    await using node = await ProcessNode.start()
    await using packed = await ProcessNode.start()
    const batch = batchOf(join(folder, '20ng'))
    const counts = { articles: 6000, accepted: 5986, duplicates: 14, refused: 0, code: 0 }
    const plain = join(node.path, 'batch')
    writeFileSync(plain, batch)
    expect(await node.import([plain, '--create-groups'])).to.include(counts)
    const gzip = join(packed.path, 'batch.gz')
    writeFileSync(gzip, gzipSync(batch))
    expect(await packed.import([gzip, '--create-groups'])).to.include(counts)
    const unbatch = join(packed.path, 'unbatch')
    writeFileSync(unbatch, Buffer.concat([Buffer.from('#! gunbatch\n'), gzipSync(batch)]))
    expect(await packed.import([unbatch])).to.include({ ...counts, accepted: 0, duplicates: 6000 })
    expect(await digests(packed)).to.deep.equal(await digests(node))
  })

  it('exports as jsonl what the files hold', async () => {
    await using node = await ProcessNode.start()
    await node.import([join(folder, '20ng'), '--format', 'spool', '--create-groups'])
    const exported = await digests(node)
    const files = readSpoolDigests(join(folder, '20ng'))
    expect(files.size).to.equal(5986)
    for (const [id, digest] of files) expect(exported.get(id)?.text, id).to.equal(digest)
    expect(exported.size).to.equal(files.size)
  })

  for (const format of ['mbox', 'rnews', 'spool'] as const)
    it(`exports as ${format} what another node imports as the same articles`, async () => {
      await using node = await ProcessNode.start()
      await using other = await ProcessNode.start()
      await node.import([join(folder, '20ng'), '--format', 'spool', '--create-groups'])
      const output = join(node.path, 'exported')
      const exported = await node.run(['export', '--format', format, '--output', output])
      expect(exported.code, exported.stderr).to.equal(0)
      const numbers = format === 'spool' ? ['--keep-numbers'] : []
      const imported = await other.import([output, '--format', format, '--create-groups', ...numbers])
      expect(imported).to.include({ refused: 0, code: 0 })
      const theirs = await digests(other)
      expect(theirs.size).to.equal(5986)
      expect(theirs).to.deep.equal(await digests(node))
    })
})
