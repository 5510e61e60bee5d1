/** Input that once was a failure, kept as files: `TARGET-HASH`. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Failure } from './fuzz.ts'

const folder = fileURLToPath(new URL('../../../test/fixtures/fuzz', import.meta.url))

export interface Kept {
  readonly file: string
  readonly target: string
  readonly input: Buffer
}

/** The file that was written. */
export function keep({ target, input }: Failure): string {
  mkdirSync(folder, { recursive: true })
  const hash = createHash('sha256').update(input).digest('hex').slice(0, 12)
  const file = join(folder, `${target}-${hash}`)
  writeFileSync(file, input)
  return file
}

export function kept(): Kept[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder).map(file => ({
    file,
    target: file.slice(0, file.lastIndexOf('-')),
    input: readFileSync(join(folder, file)),
  }))
}
