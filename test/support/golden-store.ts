/**
 * Stores as they were written by the version that brought in their format, in one packed file each: what their node had
 * committed when it was killed, and what it showed. Run as a program it writes that of the present format, once.
 */
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { argv } from 'node:process'
import { fileURLToPath } from 'node:url'
import { gunzipSync, gzipSync } from 'node:zlib'
import type { AccountName } from '../../src/account.ts'
import { silentLog } from '../../src/log.ts'
import type { MessageId } from '../../src/message-id.ts'
import type { Newsgroup } from '../../src/newsgroup.ts'
import { openDataDirectory } from '../../src/storage/opening/data-directory.ts'
import { formatVersion } from '../../src/storage/opening/data-format.ts'
import type { Arrival } from '../../src/storage/reading.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { articleEntry, cancelEntry, groupEntry } from './entries.ts'
import { overview, testStorage } from './storage.ts'
import { temporaryDirectory } from './temporary-directory.ts'

const folder = fileURLToPath(new URL('../../../test/fixtures/stores/', import.meta.url))
const fileOf = (version: number): string => join(folder, `format-${version}.gz`)

interface Golden {
  readonly shows: unknown
  /** Of those it acknowledged and still had. */
  readonly acknowledged: readonly string[]
}

/** A line of JSON, then the files one behind the other; all under gzip. */
interface Header extends Golden {
  /** Path and octets. */
  readonly files: readonly (readonly [string, number])[]
}

/** The versions there are stores of. */
export async function goldenVersions(): Promise<number[]> {
  const names = await readdir(folder)
  return names.map(name => Number(/^format-(\d+)\.gz$/.exec(name)?.[1])).sort((a, b) => a - b)
}

/** Puts the store of that version into `data`. */
export async function unpackGolden(version: number, data: string): Promise<Golden> {
  const octets = gunzipSync(await readFile(fileOf(version)))
  let at = octets.indexOf('\n') + 1
  const { files, ...golden }: Header = JSON.parse(octets.toString('utf8', 0, at))
  for (const [path, length] of files) {
    await mkdir(dirname(join(data, path)), { recursive: true })
    await writeFile(join(data, path), octets.subarray(at, at + length))
    at += length
  }
  return golden
}

const account = 'alice' as AccountName

/** Everything of it that anybody sees, as plain values. */
export async function shownBy({ reading, history, accounts, held, places, ...storage }: Storage) {
  const groups: unknown[] = []
  for await (const batch of reading.groups())
    for (const group of batch) groups.push({ ...group, lines: await overview(reading, group.id) })
  const waiting: string[] = []
  for await (const posts of held.list()) waiting.push(...posts.map(({ messageId }) => messageId))
  const article = await reading.articleById('<2@golden.example>')
  return JSON.parse(
    JSON.stringify({
      groups,
      waiting,
      article: article?.served.toString('latin1'),
      cancelled: await history.lookup('<3@golden.example>'),
      filed: await history.lookup('<4@golden.example>'),
      account: await accounts.find(account),
      place: await places.load('peer.example'),
      note: (await storage.notes.load('a note'))?.toString(),
      newest: reading.newest,
    }),
  )
}

/** A whole block of overview and one that is not full, a crosspost, a cancel, a group removed, and one of each other kind. */
async function fill(storage: Storage): Promise<string[]> {
  for (const name of ['golden.a', 'golden.b', 'golden.gone']) await storage.submit(groupEntry('add', name))
  const ids = Array.from({ length: 140 }, (_, at) => `<${at + 1}@golden.example>`)
  for (const [at, id] of ids.entries())
    await storage.submit(
      articleEntry({ id, groups: at % 50 === 1 ? ['golden.a', 'golden.b'] : ['golden.a'] }),
    )
  await storage.submit(cancelEntry('<3@golden.example>'))
  await storage.submit(groupEntry('remove', 'golden.gone'))
  const time = 1000
  const change = { roles: ['reader' as const], password: 'no hash' }
  await storage.submit({ kind: 'account', action: 'add', name: account, change, time, source: 'test' })
  const post = {
    messageId: '<held@golden.example>' as MessageId,
    account: 'alice',
    address: '192.0.2.1',
    time,
    newsgroups: ['golden.a' as Newsgroup],
    dated: true,
    article: Buffer.from('Message-ID: <held@golden.example>\r\n\r\nHello.\r\n'),
  }
  await storage.submit({ kind: 'hold', post, time, source: 'test' })
  await storage.checkpoint()
  await storage.secret(() => Buffer.alloc(32, 7))
  const { epoch } = storage.places
  await storage.places.save('peer.example', { epoch, cursor: 100 as Arrival, exceptions: [] })
  await storage.notes.save('a note', Buffer.from('what it says'))
  // Behind the checkpoint: the journal has it, and the databases in their logs.
  await storage.submit(articleEntry({ id: '<last@golden.example>', groups: ['golden.b'] }))
  return [...ids.filter(id => id !== '<3@golden.example>'), '<last@golden.example>']
}

/** LevelDB's own diary, and what a running process holds. */
const isLeftOut = (path: string): boolean => /(^|\/)(LOG|LOG\.old|LOCK|owner)$/.test(path)

async function pack(data: string, golden: Golden): Promise<Buffer> {
  const files: [string, number][] = []
  const contents: Buffer[] = []
  for (const entry of await readdir(data, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name).slice(data.length + 1)
    if (!entry.isFile() || isLeftOut(path)) continue
    const content = await readFile(join(data, path))
    files.push([path, content.length])
    contents.push(content)
  }
  const header: Header = { ...golden, files }
  return gzipSync(Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), ...contents]), { level: 9 })
}

async function write(): Promise<void> {
  const file = fileOf(formatVersion)
  if (existsSync(file)) throw new Error(`${file} is there: a released format does not change`)
  await using home = await temporaryDirectory()
  const data = join(home.path, 'data')
  const opened = await openDataDirectory(data, silentLog)
  const storage = await testStorage(opened)
  const acknowledged = await fill(storage)
  // As a kill would leave it.
  const packed = await pack(data, { shows: await shownBy(storage), acknowledged })
  await storage.close()
  await opened.release()
  await mkdir(folder, { recursive: true })
  await writeFile(file, packed)
}

if (argv[1] === fileURLToPath(import.meta.url)) await write()
