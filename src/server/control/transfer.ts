/** Import and export jobs as the control socket runs them. */
import type { Clock } from '../../clock.ts'
import { type ExportFormat, exportArticles } from '../../feed/export.ts'
import { type ImportParts, importArticles } from '../../feed/import.ts'
import type { Node } from '../../feed/node.ts'
import type { Reading } from '../../storage/reading.ts'
import type { Wildmat } from '../../wildmat.ts'
import { ControlFault, type ExportPiece, type ImportOptions, type ImportProgress } from './node-control.ts'

export interface ImportRun {
  readonly node: Node
  readonly clock: Clock
  readonly limits: ImportParts['limits']
  readonly signal: AbortSignal
}

export async function* runImport(
  { group, rejects, dryRun, ...options }: ImportOptions,
  { node, clock, limits, signal }: ImportRun,
): AsyncGenerator<ImportProgress> {
  const accept = dryRun ? node.examineOnly : node.accept
  try {
    yield* importArticles(
      { ...options, ...(group !== undefined && { group }), ...(rejects !== undefined && { rejects }) },
      { accept, clock, signal, limits },
    )
  } catch (error) {
    throw new ControlFault('io', error instanceof Error ? error.message : String(error), { cause: error })
  }
}

/** One article a piece. Ends when `signal` aborts. */
export async function* exportPieces(
  { format, groups, signal }: { format: ExportFormat; groups: Wildmat; signal: AbortSignal },
  reading: Reading,
): AsyncGenerator<ExportPiece> {
  for await (const piece of exportArticles({ format, groups }, reading)) {
    if (signal.aborted) return
    yield piece
  }
}
