import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import type { RawClient } from '../support/raw-client.ts'
import { standardsFile } from '../support/standards.ts'
import { corpusSuite } from './corpus.ts'
import { type Dialogue, hasBlock, isBlockAlike, readDialogues, statusShape } from './dialogue.ts'
import * as worlds from './dialogue-world.ts'

interface Setting {
  readonly world?: worlds.World
  readonly address?: string
  /** Done before the dialogue begins. */
  readonly before?: (served: worlds.Served) => Promise<void>
}

/** The article an example has on its way from elsewhere is on its way from another connection of the peer. */
async function deferOne(served: worlds.Served): Promise<void> {
  const client = served.connect(worlds.peer)
  await client.line()
  client.send('CHECK <i.am.an.article.you.defer@example.com>\r\n')
  expect(await client.line()).to.match(/^238 /)
}

async function stop({ server }: worlds.Served): Promise<void> {
  void server.close()
}

const transit = { address: worlds.peer, before: deferOne }

/** Where an example supposes something other than the usual node and a reader. */
const settings: Readonly<Record<string, Setting>> = {
  'RFC 3977 3.2.1.1/14': { before: stop },
  'RFC 3977 5.1.3/2': { address: worlds.onlyReader },
  'RFC 3977 5.1.3/3': { address: worlds.stranger },
  'RFC 3977 5.1.3/4': { before: stop },
  'RFC 3977 5.3.3/4': { address: worlds.onlyReader },
  'RFC 3977 6.1.1.3/6': { world: worlds.smallNumbers },
  'RFC 3977 6.3.1.3/2': { world: worlds.rejecting },
  'RFC 3977 6.3.1.3/3': { address: worlds.onlyReader },
  'RFC 3977 6.3.2.3/1': transit,
  'RFC 3977 6.3.2.3/2': transit,
  'RFC 3977 6.3.2.3/3': { ...transit, world: worlds.deferring },
  'RFC 3977 6.3.2.3/4': transit,
  'RFC 3977 6.3.2.3/5': transit,
  'RFC 4643 2.3.3/1': { world: worlds.withAccounts },
  'RFC 4643 2.3.3/2': { world: worlds.withAccounts },
  'RFC 4643 2.3.3/3': { world: worlds.withAccounts, address: worlds.onlyReader },
  'RFC 4643 2.3.3/4': { world: worlds.withAccounts },
  'RFC 4643 2.3.3/5': { world: worlds.withAccounts },
  'RFC 4643 2.4.3/2': { world: worlds.withAccounts },
  'RFC 4643 2.4.3/6': { world: worlds.withAccounts },
  'RFC 4643 2.4.3/7': { world: worlds.withAccounts, address: worlds.onlyReader },
  'RFC 4644 2.2/1': transit,
  'RFC 4644 2.3.3/1': transit,
  'RFC 4644 2.3.3/2': transit,
  'RFC 4644 2.4.3/1': transit,
  'RFC 4644 2.4.3/2': transit,
  'RFC 4644 2.5.3/1': transit,
  'RFC 4644 2.5.3/2': { ...transit, world: worlds.deferring },
  'RFC 6048 2.1/3': { world: worlds.listless },
  'RFC 6048 3.2/1': { world: worlds.renamed(21), address: worlds.peer },
  'RFC 6048 3.2/2': { world: worlds.renamed(22) },
}

/** What is different, or nothing. */
async function differenceIn({ name, turns }: Dialogue): Promise<string | undefined> {
  const { world = worlds.usual, address = worlds.reader, before } = settings[name] ?? {}
  const patterns = name.startsWith('RFC 6048')
    ? worlds.distribPats['RFC 6048']
    : worlds.distribPats['RFC 3977']
  await using served = await worlds.serve(world, patterns)
  const greets = turns[0]?.[0] === 'S'
  let client: RawClient
  if (greets) {
    await before?.(served)
    client = served.connect(address)
  } else {
    client = served.connect(address)
    await client.line()
    await before?.(served)
  }
  try {
    return await play(client, turns)
  } catch (error) {
    return `the connection broke: ${error instanceof Error ? error.message : String(error)}`
  }
}

async function play(client: RawClient, turns: Dialogue['turns']): Promise<string | undefined> {
  const commands: string[] = []
  let inBlock = false
  for (let at = 0; at < turns.length; at++) {
    const [kind, text] = turns[at] ?? ['note', '']
    if (kind === 'C') {
      client.send(`${text}\r\n`)
      // Lines of an article are not commands; it begins behind an answer 3xx or TAKETHIS.
      if (!inBlock) commands.push(text)
      if (/^TAKETHIS /.test(text)) inBlock = true
      else if (text === '.') inBlock = false
    } else if (kind === 'S') {
      const status = await client.line()
      const command = commands.shift() ?? ''
      if (statusShape(status) !== statusShape(text)) return `${command}: ${status}`
      inBlock = /^3[34][05]/.test(status)
      if (inBlock) commands.unshift(command)
      if (!hasBlock(command, status)) continue
      const end = turns.findIndex(([, line], index) => index > at && line === '.')
      const expected = turns.slice(at + 1, end < 0 ? turns.length : end).map(([, line]) => line)
      const found = await client.block()
      if (!isBlockAlike(command, expected, found)) return `${command}: ${found.join(' / ')}`
      at = end < 0 ? turns.length : end
    } else if (text === 'Server closes connection.') {
      const rest = await client.rest()
      if (rest !== '') return `before the end: ${rest}`
    } else return `cannot be played: ${text}`
  }
  return undefined
}

/** `| RFC 3977 3.2.1.1 | 2, 8-12 | reason |`: the examples that docs/standards.md says we differ from. */
function explained(): Map<string, string> {
  const found = new Map<string, string>()
  const [, table = ''] = readFileSync(standardsFile, 'utf8').split('\n## Examples of the RFCs')
  for (const line of table.split('\n## ', 1).join('').split('\n')) {
    const row = /^\| (RFC \d+ [\d.]+) \| (\d[\d, -]*) \| (\S.*) \|$/.exec(line)
    const [, section = '', examples = '', reason = ''] = row ?? []
    for (const range of examples.split(/, ?/).filter(text => text !== '')) {
      const [low, high = low] = range.split('-')
      for (let number = Number(low); number <= Number(high); number++)
        found.set(`${section}/${number}`, reason)
    }
  }
  return found
}

corpusSuite('dialogues of the RFCs', folder => {
  const reasons = explained()
  const dialogues = readDialogues(folder)

  for (const dialogue of dialogues) {
    const reason = reasons.get(dialogue.name)
    it(`${dialogue.name}${reason === undefined ? '' : ' differs as docs/standards.md says'}`, async () => {
      const difference = await differenceIn(dialogue)
      if (reason === undefined) expect(difference).to.equal(undefined)
      else expect(difference, 'it does not differ any more').not.to.equal(undefined)
    })
  }

  it('are all there that docs/standards.md explains', () => {
    const names = dialogues.map(({ name }) => name)
    for (const name of reasons.keys()) expect(names).to.include(name)
    for (const name of Object.keys(settings)) expect(names).to.include(name)
  })
})
