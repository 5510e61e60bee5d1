/** A text as runs of own and quoted lines, with its signature apart. RFC 3676 4.3, 4.5 */

export interface Run {
  readonly kind: 'own' | 'quote'
  readonly lines: readonly string[]
}

export interface Layers {
  /** Empty lines between two quoted ones belong to the quotation. */
  readonly runs: readonly Run[]
  /** From `-- ` on; empty where there is none. */
  readonly signature: readonly string[]
}

export const isQuoted = (line: string): boolean => line.startsWith('>')
const isEmpty = (line: string): boolean => line.trim() === ''

/** A line such as `Ann wrote:`, that a quotation stands behind. */
const isAttribution = (line: string): boolean => line.trimEnd().endsWith(':')

export function layersOf(body: string): Layers {
  const lines = body.split('\n')
  const mark = lines.lastIndexOf('-- ')
  const text = mark < 0 ? lines : lines.slice(0, mark)
  return { runs: runsOf(text), signature: mark < 0 ? [] : lines.slice(mark) }
}

function runsOf(lines: readonly string[]): Run[] {
  const runs: { kind: Run['kind']; lines: string[] }[] = []
  for (const [at, line] of lines.entries()) {
    const last = runs.at(-1)
    const kind =
      isQuoted(line) || (isEmpty(line) && last !== undefined && staysIn(last, lines[at + 1]))
        ? 'quote'
        : 'own'
    if (last?.kind === kind) last.lines.push(line)
    else runs.push({ kind, lines: [line] })
  }
  return runs
}

const staysIn = ({ kind }: Run, next: string | undefined): boolean =>
  kind === 'quote' && next !== undefined && isQuoted(next)

/** The reverse of `layersOf`. */
export function bodyFrom({ runs, signature }: Layers): string {
  return [...runs.flatMap(({ lines }) => lines), ...signature].join('\n')
}

/** Words of the person who writes: no empty lines, and not the line that says who is quoted. */
export function ownWords(run: Run, next: Run | undefined): readonly string[] {
  if (run.kind === 'quote') return []
  const written = run.lines.filter(line => !isEmpty(line))
  const last = written.at(-1)
  const attributes = next?.kind === 'quote' && last !== undefined && isAttribution(last)
  return attributes ? written.slice(0, -1) : written
}

/** Lines of own text, blanks and attributions left out. */
export function ownLines({ runs }: Layers): string[] {
  return runs.flatMap((run, at) => ownWords(run, runs[at + 1]))
}

/** Quoted lines that say something. */
export function quotedLines({ runs }: Layers): string[] {
  return runs
    .flatMap(({ kind, lines }) => (kind === 'quote' ? lines : []))
    .filter(line => line.replace(/^[> ]+/, '') !== '')
}
