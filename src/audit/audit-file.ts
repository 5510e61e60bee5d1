/** The file of the audit log: appended to, rotated by size and day, old ones removed; and the check of its chain. */
import { createReadStream } from 'node:fs'
import { mkdir, open, readdir, rename, rm, stat, truncate } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Clock } from '../clock.ts'
import type { Config } from '../config/config.ts'
import { type ChainEnd, chainStart, followLine, hashOf } from './audit-line.ts'
import type { AuditSink } from './audit-log.ts'

export interface AuditFileOptions {
  readonly path: string
  readonly clock: Clock
  /** Files that were last written longer ago are removed. */
  readonly keepDays: () => number
  /** Whether the wall clock is to be believed; nothing is removed while it is not. */
  readonly isTimeKnown: () => boolean
  /** Octets after which a new file is begun; 64 MiB where absent. */
  readonly most?: number
}

/** Where the audit log of a node lies. */
export const auditPath = ({ audit, node }: Pick<Config, 'audit' | 'node'>): string =>
  audit.file === '' ? join(node.data, 'audit', 'audit.log') : audit.file

const usualMost = 64 * 1024 * 1024
const day = 86_400_000
const tailOctets = 65_536

/** Opens it, making it where absent. A last line that was torn by a crash is cut off. Rejects where that fails. */
export async function openAuditFile(options: AuditFileOptions): Promise<AuditSink> {
  const { path } = options
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const older = await rotatedFiles(path)
  const end = (await lastLine(path)) ?? (await lastOf(older)) ?? chainStart
  const sink = new AuditFile(options, end)
  await sink.begin()
  return sink
}

class AuditFile implements AuditSink {
  readonly end: ChainEnd
  readonly #options: AuditFileOptions
  #size = 0
  /** When the file was begun, milliseconds since 1970. */
  #begun = 0

  constructor(options: AuditFileOptions, end: ChainEnd) {
    this.#options = options
    this.end = end
  }

  async begin(): Promise<void> {
    const found = await stat(this.#options.path).catch(() => undefined)
    this.#size = found?.size ?? 0
    this.#begun = found?.birthtimeMs ?? this.#options.clock.now()
    await this.#removeOld()
  }

  async append(lines: string): Promise<void> {
    const { path, clock, most = usualMost } = this.#options
    if (this.#size > 0 && (this.#size >= most || clock.now() - this.#begun >= day)) await this.#rotate()
    const file = await open(path, 'a', 0o600)
    try {
      await file.appendFile(lines)
      this.#size += Buffer.byteLength(lines)
    } catch (error) {
      // Half a line would spoil the next one.
      await file.truncate(this.#size)
      throw error
    } finally {
      await file.close()
    }
  }

  async close(): Promise<void> {}

  async #rotate(): Promise<void> {
    const { path, clock } = this.#options
    const older = await rotatedFiles(path)
    const number = Number(/\.(\d+)$/.exec(older.at(-1) ?? '')?.[1] ?? 0) + 1
    await rename(path, `${path}.${String(number).padStart(6, '0')}`)
    this.#size = 0
    this.#begun = clock.now()
    await this.#removeOld()
  }

  async #removeOld(): Promise<void> {
    const { path, clock, keepDays, isTimeKnown } = this.#options
    if (!isTimeKnown()) return
    for (const file of await rotatedFiles(path)) {
      const { mtimeMs } = await stat(file)
      if (clock.now() - mtimeMs > keepDays() * day) await rm(file, { force: true })
    }
  }
}

/** `audit.log.000001` and so on, the oldest first. */
async function rotatedFiles(path: string): Promise<string[]> {
  const name = basename(path)
  const files = await readdir(dirname(path)).catch(() => [])
  const rotated = files.filter(
    file => file.startsWith(`${name}.`) && /^\d{6,}$/.test(file.slice(name.length + 1)),
  )
  const number = (file: string) => Number(file.slice(name.length + 1))
  return rotated.sort((one, other) => number(one) - number(other)).map(file => join(dirname(path), file))
}

async function lastOf(files: readonly string[]): Promise<ChainEnd | undefined> {
  const last = files.at(-1)
  return last === undefined ? undefined : lastLine(last)
}

/** Undefined where there is no file, or nothing in it. Cuts what stands behind the last line end. */
async function lastLine(path: string): Promise<ChainEnd | undefined> {
  const found = await stat(path).catch(() => undefined)
  if (found === undefined || found.size === 0) return undefined
  const start = Math.max(0, found.size - tailOctets)
  const chunks: Buffer[] = []
  for await (const chunk of createReadStream(path, { start })) chunks.push(chunk)
  const tail = Buffer.concat(chunks)
  const end = tail.lastIndexOf('\n')
  if (end + 1 < tail.length) await truncate(path, start + end + 1)
  if (end < 0) return undefined
  const line = tail.subarray(tail.lastIndexOf('\n', end - 1) + 1, end)
  const after = followLine(undefined, line)
  // A foreign line is not built on in silence: the check will say where the chain broke.
  return typeof after === 'string' ? { seq: 0, hash: hashOf(line) } : after
}

export interface AuditCheck {
  readonly files: number
  readonly lines: number
  /** `FILE, line N: what is wrong`; absent where the chain holds. */
  readonly fault?: string
}

/** Reads the rotated files and the current one, oldest first. Rejects where one cannot be read. */
export async function checkAudit(path: string): Promise<AuditCheck> {
  const current = await stat(path).catch(() => undefined)
  const files = [...(await rotatedFiles(path)), ...(current ? [path] : [])]
  let end: ChainEnd | undefined
  let lines = 0
  for (const file of files) {
    let number = 0
    for await (const line of linesOf(file)) {
      number += 1
      const next = followLine(end, line)
      if (typeof next === 'string')
        return { files: files.length, lines, fault: `${file}, line ${number} ${next}` }
      end = next
      lines += 1
    }
  }
  return { files: files.length, lines }
}

/** Without LF. What is behind the last one is still being written. */
async function* linesOf(path: string): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of createReadStream(path)) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
      yield rest.subarray(0, end)
      rest = rest.subarray(end + 1)
    }
  }
}
