/** The static files, read once at start and sent from memory. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { compressedOnce } from './compression.ts'

export interface Asset {
  readonly type: string
  readonly body: Buffer
  readonly compressed: Buffer
  /** Changes with the content, so that a browser may keep a file for ever. */
  readonly version: string
}

const types: ReadonlyMap<string, string> = new Map([
  ['css', 'text/css; charset=utf-8'],
  ['js', 'text/javascript; charset=utf-8'],
  ['svg', 'image/svg+xml'],
])

/** Files by name. A file of an unknown type is an error, not a download. */
export function readAssets(folder: URL): ReadonlyMap<string, Asset> {
  const assets = new Map<string, Asset>()
  for (const name of readdirSync(folder)) {
    const type = types.get(name.replace(/^.*\./, ''))
    if (type === undefined) throw new Error(`${name}: no media type for this kind of file in assets.ts`)
    const body = readFileSync(new URL(name, folder))
    const compressed = compressedOnce(body)
    assets.set(name, {
      type,
      body,
      compressed,
      version: createHash('sha256').update(body).digest('hex').slice(0, 12),
    })
  }
  return assets
}

export function assetAddress(assets: ReadonlyMap<string, Asset>, name: string): string {
  return `/static/${name}?v=${assets.get(name)?.version ?? ''}`
}
