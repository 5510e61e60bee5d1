/** INN, if it is installed: a private innd for the feed and a private nnrpd for readers, over a store of their own. */
import { type ChildProcess, execFileSync } from 'node:child_process'
import { chownSync, existsSync, mkdirSync, readdirSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cnfsOctets, innFiles, overviewOctets, spoolFolders } from './inn-config.ts'
import { end, freePort, greets, type Launch, launch, run, type Usage, usageOf } from './proc.ts'
import type { Server, Target, TargetName } from './target.ts'

/** Where Debian's package inn2 has its programs. */
const programs = '/usr/lib/news/bin'

export interface InnOptions {
  readonly name: Extract<TargetName, `inn${string}`>
  readonly storage: 'tradspool' | 'cnfs'
  readonly overview: 'tradindexed' | 'buffindexed'
}

export function innTarget(options: InnOptions): Target {
  const { name, storage, overview } = options
  const missing = existsSync(join(programs, 'innd')) ? {} : { missing: 'install INN: apt-get install inn2' }
  const target: Target = {
    name,
    title: `INN ${storage}+${overview}`,
    settings: `${storage}, ${overview}, hisv6, wireformat, no age limit, no filters; nnrpd as a daemon of its own`,
    durable: 'never forced: when the kernel writes it back',
    ...missing,
    prepare: (directory, groups) => InnServer.prepare(target, { ...options, directory, groups }),
  }
  return target
}

interface Place extends InnOptions {
  readonly directory: string
  readonly groups: readonly string[]
}

class InnServer implements Server {
  readonly target: Target
  readonly feedPort: number
  readonly readerPort: number
  readonly directory: string
  #innd: ChildProcess | undefined
  #nnrpd: ChildProcess | undefined

  private constructor(target: Target, directory: string, ports: { feed: number; reader: number }) {
    this.target = target
    this.feedPort = ports.feed
    this.readerPort = ports.reader
    this.directory = directory
  }

  static async prepare(target: Target, place: Place): Promise<InnServer> {
    const { directory } = place
    const ports = { feed: await freePort(), reader: await freePort() }
    for (const folder of spoolFolders) mkdirSync(join(directory, folder), { recursive: true })
    for (const [name, text] of innFiles({ ...place, port: ports.feed, user: newsUser() }))
      writeFileSync(join(directory, name), text)
    if (place.storage === 'cnfs') truncate(join(directory, 'spool/cnfs'), cnfsOctets)
    if (place.overview === 'buffindexed') truncate(join(directory, 'spool/overview/one'), overviewOctets)
    giveAway(directory)
    const server = new InnServer(target, directory, ports)
    await server.#makeHistory()
    return server
  }

  async start(): Promise<void> {
    const innd = this.#job('innd', ['-f', '-P', String(this.feedPort)])
    const nnrpd = this.#job('nnrpd', ['-D', '-f', '-p', String(this.readerPort)])
    this.#innd = launch(innd)
    await greets(this.feedPort, this.#innd, innd.output)
    this.#nnrpd = launch(nnrpd)
    await greets(this.readerPort, this.#nnrpd, nnrpd.output)
  }

  async stop(): Promise<void> {
    if (this.#nnrpd) await end(this.#nnrpd)
    if (this.#innd) {
      const gone = new Promise(resolve => this.#innd?.once('exit', resolve))
      await run(this.#job('ctlinnd', ['shutdown', 'measured']))
      await gone
    }
    this.#nnrpd = undefined
    this.#innd = undefined
  }

  usage(): Usage {
    return usageOf([this.#innd?.pid, this.#nnrpd?.pid].filter(pid => pid !== undefined))
  }

  async #makeHistory(): Promise<void> {
    await run(this.#job('makedbz', ['-i', '-o', '-s', '1500000']))
    const folder = join(this.directory, 'db')
    for (const name of readdirSync(folder).filter(it => it.startsWith('history.n.')))
      renameSync(join(folder, name), join(folder, name.replace('.n.', '.')))
  }

  /** As the user of the news system where we are root: innd refuses to run as root. */
  #job(program: string, args: readonly string[]): Launch {
    const file = join(programs, program)
    const env = {
      ...process.env,
      INNCONF: join(this.directory, 'etc/inn.conf'),
      PATH: `${programs}:${process.env.PATH}`,
    }
    const output = join(this.directory, 'log', `${program}.output`)
    if (process.getuid?.() !== 0) return { command: file, args, env, output }
    const user = ['--reuid', newsUser(), '--regid', newsUser(), '--init-groups']
    return { command: 'setpriv', args: [...user, file, ...args], env, output }
  }
}

const newsUser = (): string =>
  process.getuid?.() === 0 ? 'news' : execFileSync('id', ['-un'], { encoding: 'utf8' }).trim()

function truncate(file: string, octets: number): void {
  execFileSync('truncate', ['-s', String(octets), file])
}

/** Everything below belongs to the user that innd runs as. */
function giveAway(path: string): void {
  if (process.getuid?.() !== 0) return
  const id = (flag: string) => Number(execFileSync('id', [flag, newsUser()], { encoding: 'utf8' }))
  const owner = { user: id('-u'), group: id('-g') }
  const give = (file: string) => {
    chownSync(file, owner.user, owner.group)
    if (!statSync(file).isDirectory()) return
    for (const name of readdirSync(file)) give(join(file, name))
  }
  give(path)
}
