/** The capability list: what works in this session now, from the command table. RFC 3977 3.3, 5.2 */
import type { Command } from './command.ts'
import type { CommandTable } from './command-table.ts'
import { has } from './engine.ts'
import type { Session } from './session.ts'

/** Lines of the list, without the terminator. Rows that add arguments to the same label share a line. */
export function capabilities(table: CommandTable, session: Session): string[] {
  // RFC 3977 3.3.2: VERSION is first. IMPLEMENTATION: 3.3.4
  const labels = new Map<string, string[]>([
    ['VERSION', ['2']],
    ['IMPLEMENTATION', ['Tidings']],
  ])
  for (const row of table.rows) {
    for (const capability of works(row, session) ? offered(row, session) : []) {
      const [label = '', ...args] = capability.split(' ')
      labels.set(label, [...(labels.get(label) ?? []), ...args])
    }
  }
  return [...labels].map(([label, args]) => [label, ...args].join(' '))
}

/** Whether the session has what the row needs, a selected group apart. */
export function works(row: Command, session: Session): boolean {
  return (row.needs ?? []).every(need => need === 'group' || has(session, need))
}

function offered(row: Command, session: Session): readonly string[] {
  const capability = typeof row.capability === 'function' ? row.capability(session) : row.capability
  return typeof capability === 'string' ? [capability] : (capability ?? [])
}
