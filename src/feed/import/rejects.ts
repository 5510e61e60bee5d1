/** Refused articles in a file in rnews form, each with the reason as its first header line, to mend and try again. */
import { type FileHandle, open } from 'node:fs/promises'
import type { Reason } from '../../reason.ts'
import { rejectedField } from './complete.ts'
import type { Found } from './found.ts'

export class Rejects {
  readonly #path: string | undefined
  #file: FileHandle | undefined

  /** Appends to `path`, which is made when the first article is refused; undefined: nowhere. */
  constructor(path: string | undefined) {
    this.#path = path
  }

  async add(found: Found, reason: Reason): Promise<void> {
    if (this.#path === undefined) return
    this.#file ??= await open(this.#path, 'a')
    const from = found.where.replace(/[^\x20-\x7e]/g, '?')
    const line = Buffer.from(`${rejectedField}: ${reason.name}: ${reason.text} (${from})\n`)
    // An article too large to be read, or cut short, leaves its line only.
    const text = found.text.length === 0 ? Buffer.from('\n') : found.text
    await this.#file.appendFile(Buffer.concat([header(line.length + text.length), line, text]))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file?.close()
  }
}

function header(octets: number): Buffer {
  return Buffer.from(`#! rnews ${octets}\n`)
}
