/** The text of HELP, from the command table. RFC 3977 7.2 */
import { works } from './capabilities.ts'
import type { CommandTable } from './command-table.ts'
import type { Session } from './session.ts'

export function helpText(table: CommandTable, session: Session): string[] {
  const { admin } = session.services.config().node
  const rows = table.rows.filter(row => works(row, session)).map(row => `  ${row.syntax}`)
  return admin === '' ? rows : [...rows, `Report problems to <${admin}>`]
}
