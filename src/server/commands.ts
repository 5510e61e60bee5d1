/** The one table of commands: HELP, CAPABILITIES, 501 and docs/standards.md derive from it. */
import type { Command } from './command.ts'
import { CommandTable } from './command-table.ts'
import { articleCommands } from './commands/article.ts'
import { authCommands } from './commands/auth.ts'
import { groupCommands } from './commands/group.ts'
import { headerCommands } from './commands/headers.ts'
import { groupListCommands } from './commands/list.ts'
import { fileListCommands } from './commands/list-files.ts'
import { newsCommands } from './commands/news.ts'
import { overviewCommands } from './commands/overview.ts'
import { postCommands } from './commands/post.ts'
import { saslCommands } from './commands/sasl.ts'
import { searchCommands } from './commands/search.ts'
import { sessionCommands } from './commands/session.ts'
import { transitCommands } from './commands/transit.ts'
import { transportCommands } from './commands/transport.ts'

export interface Area {
  /** The file below src/server that holds the rows. */
  readonly file: string
  readonly rows: readonly Command[]
}

/** All areas in the order of HELP. */
export function commandAreas(table: () => CommandTable): readonly Area[] {
  return [
    { file: 'commands/session.ts', rows: sessionCommands(table) },
    { file: 'commands/transport.ts', rows: transportCommands },
    { file: 'commands/auth.ts', rows: authCommands },
    { file: 'commands/sasl.ts', rows: saslCommands },
    { file: 'commands/group.ts', rows: groupCommands },
    { file: 'commands/article.ts', rows: articleCommands },
    { file: 'commands/overview.ts', rows: overviewCommands },
    { file: 'commands/headers.ts', rows: headerCommands },
    { file: 'commands/list.ts', rows: groupListCommands },
    { file: 'commands/list-files.ts', rows: fileListCommands },
    { file: 'commands/news.ts', rows: newsCommands },
    { file: 'commands/search.ts', rows: searchCommands },
    { file: 'commands/post.ts', rows: postCommands },
    { file: 'commands/transit.ts', rows: transitCommands },
  ]
}

export function commandTable(): CommandTable {
  const table: CommandTable = new CommandTable(commandAreas(() => table).flatMap(area => area.rows))
  return table
}
