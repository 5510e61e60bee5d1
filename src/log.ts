/** What parts of the node may say, and at which level: one event, one line. The output is chosen in `main.ts`. */

export interface Log {
  trace(fields: object, event: string): void
  debug(fields: object, event: string): void
  info(fields: object, event: string): void
  warn(fields: object, event: string): void
  error(fields: object, event: string): void
  /** A log whose every line carries `fields` too. */
  child(fields: object): Log
  /** Whether events of a level go anywhere, for those that are costly to word; they do where absent. */
  isLevelEnabled?(level: 'trace' | 'debug'): boolean
}

const nothing = () => {}
export const silentLog: Log = {
  trace: nothing,
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  child: () => silentLog,
  isLevelEnabled: () => false,
}
