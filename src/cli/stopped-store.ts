/** The store of the configured node while it is down, for commands that need no running node. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Log, silentLog } from '../log.ts'
import { ControlFault } from '../server/control/node-control.ts'
import { CorruptJournal, MissingJournal } from '../storage/journal/journal-error.ts'
import { type AtRest, openAtRest } from '../storage/opening/at-rest.ts'
import { UnusableData } from '../storage/opening/data-directory.ts'
import { formatFile } from '../storage/opening/data-format.ts'
import { DamagedState } from '../storage/state/damaged-state.ts'
import { counted } from './amounts.ts'
import type { CliContext } from './context.ts'
import { progressBar } from './progress-bar.ts'

/** Says on standard error that it does so. Rejects with `unavailable` where there is none, or somebody has it open. */
export async function openStopped(context: CliContext, { rebuild = false } = {}): Promise<AtRest> {
  const { data, compress } = context.loadConfig().config.node
  if (!existsSync(join(data, formatFile)))
    throw new ControlFault(
      'unavailable',
      `${data} is no data directory: name the configuration with --config FILE, or "tidings restore" it`,
    )
  context.complain(`The node is not running: opening its store in ${data}.`)
  const bar = progressBar(context.around)
  const warn = (_fields: object, text: string) => context.complain(text)
  const log: Log = { ...silentLog, warn, error: warn }
  const rebuilt = (articles: number) => bar.update(0, 0, `index: ${counted(articles, 'article')}`)
  try {
    return await openAtRest(data, { log, compress, rebuild, rebuilt })
  } catch (error) {
    const kinds = [UnusableData, DamagedState, CorruptJournal, MissingJournal]
    if (error instanceof Error && kinds.some(kind => error instanceof kind))
      throw new ControlFault('unavailable', error.message, { cause: error })
    throw error
  } finally {
    bar.stop()
  }
}
