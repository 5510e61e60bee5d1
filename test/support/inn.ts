/** A private INN (Debian's inn2) in a temporary folder, on a port of its own, that feeds by innfeed. */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { chmod } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Need } from './needs.ts'
import { RawClient } from './raw-client.ts'
import { type TemporaryDirectory, temporaryDirectory } from './temporary-directory.ts'

const binaries = '/usr/lib/news/bin'

export const inn: Need = { probe: ['test', '-x', `${binaries}/innd`], debian: 'inn2' }

export interface InnPeer {
  /** Its path identity. */
  readonly name: string
  /** Where it calls from. */
  readonly address: string
  /** Where it is called, on 127.0.0.1. */
  readonly port: number
}

export interface InnOptions {
  readonly name: string
  readonly groups: readonly string[]
  readonly peers: readonly InnPeer[]
  /** An empty folder to live in; one of its own where absent. */
  readonly folder?: string
}

export class Inn implements AsyncDisposable {
  readonly port: number
  readonly #folder: TemporaryDirectory
  readonly #owner: Owner
  #server: ChildProcess | undefined

  private constructor(port: number, folder: TemporaryDirectory) {
    this.port = port
    this.#folder = folder
    this.#owner = innUser()
  }

  static async start(options: InnOptions): Promise<Inn> {
    const started = new Inn(await freePort(), await folderOf(options))
    try {
      started.#write(options)
      await chmod(started.folder, 0o755)
      await started.program('makedbz', '-i', '-o', '-f', join(started.folder, 'db/history'))
      await started.#run()
      return started
    } catch (error) {
      await started[Symbol.asyncDispose]()
      throw error
    }
  }

  get folder(): string {
    return this.#folder.path
  }

  /** A reader's session, its greeting read; innd hands it to nnrpd. */
  async connect(): Promise<RawClient> {
    const client = new RawClient(connect(this.port, '127.0.0.1'))
    await client.line()
    client.send('MODE READER\r\n')
    await client.line()
    return client
  }

  /** Runs one of its programs to the end, and gives what it printed. */
  async program(name: string, ...words: string[]): Promise<string> {
    const { stdout } = await promisify(execFile)(join(binaries, name), words, this.#child)
    return stdout
  }

  /** Writes a file that its programs may change, and gives its path. */
  file(name: string, text: string): string {
    const path = join(this.folder, 'tmp', name)
    writeFileSync(path, text)
    this.#give(path)
    return path
  }

  /** Ends it and its children at once. */
  async kill(): Promise<void> {
    if (this.#server === undefined) return
    const ended = once(this.#server, 'close')
    this.#killChildren()
    await ended
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#server !== undefined && this.#server.exitCode === null && this.#server.signalCode === null) {
      const ended = once(this.#server, 'close')
      const asked = this.program('ctlinnd', '-s', '-t', '10', 'shutdown', 'end')
      await asked.catch(() => this.#server?.kill('SIGKILL'))
      await ended
      this.#killChildren()
    }
    await this.#folder[Symbol.asyncDispose]()
  }

  /** innfeed and nnrpd end some time after innd, and would write into a folder that is gone. */
  #killChildren(): void {
    try {
      process.kill(-(this.#server?.pid ?? Number.NaN), 'SIGKILL')
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
    }
  }

  #write({ name, groups, peers }: InnOptions): void {
    const { folder } = this
    for (const each of folders) mkdirSync(join(folder, each), { recursive: true })
    const files: Record<string, string> = {
      'etc/inn.conf': innConf({ name, folder, port: this.port, owner: this.#owner }),
      'etc/incoming.conf': incomingConf(peers),
      'etc/newsfeeds': newsfeeds(peers),
      'etc/innfeed.conf': innfeedConf(peers),
      'etc/storage.conf': 'method tradspool {\n newsgroups: *\n class: 0\n}\n',
      'etc/readers.conf':
        'auth "all" { hosts: "*" default: "<local>" }\naccess "all" { users: "<local>" newsgroups: "*" access: RPA }\n',
      'etc/inn-secrets.conf':
        'cancels {\n canlockadmin: [ "a secret of the tests that is long enough" ]\n}\n',
      'etc/expire.ctl': '/remember/:30\n*:A:never:never:never\n',
      'etc/moderators': '',
      'etc/nocem.ctl': '',
      'etc/control.ctl': 'all:*:*:drop\n',
      'etc/distrib.pats': '',
      'db/active': activeFile(groups),
      'db/newsgroups': '',
      'db/active.times': '',
      'db/history': '',
    }
    for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text)
    for (const each of ['.', ...folders, ...Object.keys(files)]) this.#give(join(folder, each))
  }

  #give(path: string): void {
    const { uid, gid } = this.#owner
    if (uid !== process.getuid?.()) chownSync(path, uid, gid)
  }

  async #run(): Promise<void> {
    const words = ['-f', '-P', `${this.port}`]
    this.#server = spawn(join(binaries, 'innd'), words, { ...this.#child, detached: true, stdio: 'ignore' })
    const ended = once(this.#server, 'close').then(([code]) => {
      throw new Error(`innd ended with ${code}; see ${this.folder}/log`)
    })
    ended.catch(() => undefined)
    await Promise.race([this.#answers(), ended])
  }

  /** There is no event for it: innd says nothing when it is ready. */
  async #answers(): Promise<void> {
    for (;;) {
      const socket = connect(this.port, '127.0.0.1')
      const greeted = await new Promise<boolean>(resolve => {
        socket.once('data', () => resolve(true))
        socket.once('error', () => resolve(false))
        socket.once('close', () => resolve(false))
      })
      socket.destroy()
      if (greeted) return
      await new Promise(resolve => setTimeout(resolve, 50))
    }
  }

  get #child() {
    const { uid, gid } = this.#owner
    const env = { INNCONF: join(this.folder, 'etc/inn.conf'), PATH: `${binaries}:${process.env.PATH}` }
    return { env, cwd: this.folder, ...(uid === process.getuid?.() ? {} : { uid, gid }) }
  }
}

const folderOf = async ({ folder }: InnOptions): Promise<TemporaryDirectory> =>
  folder === undefined
    ? temporaryDirectory()
    : { path: folder, [Symbol.asyncDispose]: () => Promise.resolve() }

const folders = [
  'etc',
  'db',
  'run',
  'tmp',
  'http',
  'filter',
  'log',
  'spool',
  'spool/articles',
  'spool/overview',
  'spool/incoming',
  'spool/incoming/tmp',
  'spool/incoming/bad',
  'spool/outgoing',
  'spool/archive',
  'spool/innfeed',
]

interface Owner {
  readonly name: string
  readonly uid: number
  readonly gid: number
}

/** INN does not run as root: then its own user does. */
function innUser(): Owner {
  const uid = process.getuid?.() ?? 0
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map(line => line.split(':'))
  const wanted = users.find(([name, , id]) => (uid === 0 ? name === 'news' : Number(id) === uid))
  if (wanted === undefined) throw new Error('there is no user for INN')
  return { name: wanted[0] ?? '', uid: Number(wanted[2]), gid: Number(wanted[3]) }
}

async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

function innConf(site: { name: string; folder: string; port: number; owner: Owner }): string {
  const { name, folder, port, owner } = site
  const paths = {
    patharchive: 'spool/archive',
    patharticles: 'spool/articles',
    pathdb: 'db',
    pathetc: 'etc',
    pathfilter: 'filter',
    pathhttp: 'http',
    pathincoming: 'spool/incoming',
    pathlog: 'log',
    pathoutgoing: 'spool/outgoing',
    pathoverview: 'spool/overview',
    pathrun: 'run',
    pathspool: 'spool',
    pathtmp: 'tmp',
  }
  const values = {
    pathhost: name,
    domain: 'example',
    fromhost: name,
    organization: 'Tests',
    mta: '"/bin/true %s"',
    mailcmd: '/bin/true',
    hismethod: 'hisv6',
    ovmethod: 'tradindexed',
    pathnews: '/usr/lib/news',
    pathbin: binaries,
    ...Object.fromEntries(Object.entries(paths).map(([key, below]) => [key, join(folder, below)])),
    port,
    nnrpdpostport: port,
    bindaddress: '127.0.0.1',
    runasuser: owner.name,
    artcutoff: 10,
    nnrpdloadlimit: 0,
    pgpverify: 'false',
    rlimitnofile: -1,
  }
  return Object.entries(values)
    .map(([key, value]) => `${key}: ${value}\n`)
    .join('')
}

function incomingConf(peers: readonly InnPeer[]): string {
  const sections = peers.map(
    ({ name, address }) => `peer ${name} {\n hostname: "${address}"\n streaming: true\n}\n`,
  )
  return `max-connections: 20\n${sections.join('')}`
}

function newsfeeds(peers: readonly InnPeer[]): string {
  const lines = peers.map(({ name }) => `${name}:*,!junk:Tm:innfeed!\n`)
  const batch = 'batch:*,!control,!control.*,!junk:Tf,Wnm:\n'
  return `ME:*::\ninnfeed!:!*:Tc,Wnm*:${binaries}/innfeed -y\n${batch}${lines.join('')}`
}

/** What comes while it connects it puts into a file: read back at once here, and not after a minute. */
function innfeedConf(peers: readonly InnPeer[]): string {
  const sections = peers.map(
    ({ name, port }) => `peer ${name} {\n ip-name: 127.0.0.1\n port-number: ${port}\n}\n`,
  )
  return `pid-file: innfeed.pid
log-file: innfeed.log
status-file: innfeed.status
backlog-directory: innfeed
max-connections: 2
initial-connections: 1
initial-reconnect-time: 1
max-reconnect-time: 2
response-timeout: 30
article-timeout: 30
backlog-highwater: 1000
backlog-rotate-period: 1
backlog-newfile-period: 1
backlog-ckpt-period: 1
${sections.join('')}`
}

function activeFile(groups: readonly string[]): string {
  const lines = ['control', 'control.cancel', 'junk'].map(name => `${name} 0000000000 0000000001 n\n`)
  return [...lines, ...groups.map(name => `${name} 0000000000 0000000001 y\n`)].join('')
}
