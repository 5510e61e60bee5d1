/** docs/standards.md from the command table: the part below the mark. Run as a program it writes the file. */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Command } from '../../src/server/command.ts'
import { CommandTable } from '../../src/server/command-table.ts'
import { commandAreas } from '../../src/server/commands.ts'

/** Seen from dist/test/support. */
export const standardsFile = fileURLToPath(new URL('../../../docs/standards.md', import.meta.url))
export const mark = '<!-- The rest is written by `node dist/test/support/standards.js`. -->\n'

function generatedStandards(): string {
  const areas = commandAreas(() => new CommandTable([]))
  const rows = areas.flatMap(({ file, rows }) => rows.map(row => ({ row, file })))
  const cells = rows
    .sort((a, b) => order(a.row).localeCompare(order(b.row), 'en', { numeric: true }))
    .map(({ row, file }) => [
      row.rfc,
      `\`${row.syntax.replaceAll('|', '\\|')}\``,
      'yes',
      `src/server/${file}`,
    ])
  return `${mark}\n## Commands\n\n${aligned(['section', 'command', '', 'where'], cells)}`
}

/** A table as the formatter wants it. */
function aligned(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = titles.map((title, column) =>
    Math.max(3, title.length, ...rows.map(cells => cells[column]?.length ?? 0)),
  )
  const line = (cells: readonly string[], fill = ' ') =>
    `| ${widths.map((width, column) => (cells[column] ?? '').padEnd(width, fill)).join(' | ')} |\n`
  return [line(titles), line([], '-'), ...rows.map(cells => line(cells))].join('')
}

function order(row: Command): string {
  return `${row.rfc} ${row.name}`
}

/** The file as it should be: what was written by hand, and what the table says. */
export function standards(): string {
  const [head = ''] = readFileSync(standardsFile, 'utf8').split(mark)
  return head + generatedStandards()
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(standardsFile, standards())
