/** The one place that knows pino: one event a line, JSON for programs or a compact line for a terminal. */
import { destination, type Level, pino } from 'pino'
import type { Log } from './log.ts'
import { printable, printableJson } from './printable.ts'

export interface LogOutput {
  readonly log: Log
  /** Opens the file again under its name, after logrotate has moved it. */
  reopen(): void
  /** For this log and those made from it later. */
  setLevel(level: Level): void
}

export interface LogOptions {
  readonly level: Level
  /** A file name, or a sink for finished lines, each with its LF. */
  readonly to: string | { write(line: string): void }
  /** Plain lines rather than JSON. */
  readonly plain: boolean
}

/** Lines are written before the call returns, so that none is lost with the process. */
export function openLog(options: LogOptions): LogOutput {
  const { to } = options
  const file = typeof to === 'string' ? openFile(to) : undefined
  const sink = typeof to === 'string' ? file : to
  const format = options.plain ? plainLine : printableJson
  const logger = pino(
    {
      level: options.level,
      base: null,
      timestamp: isoTime,
      formatters: { level: label => ({ level: label }) },
    },
    { write: (line: string) => sink?.write(format(line)) },
  )
  const setLevel = (level: Level) => {
    logger.level = level
  }
  return { log: logger, reopen: () => file?.reopen(), setLevel }
}

/** Addresses are nobody's business but the operator's and of the group that reads logs. */
const fileMode = 0o640

function openFile(name: string) {
  const file = destination({ dest: name, append: true, mkdir: true, sync: true, mode: fileMode })
  // A full disk must not end the node: the line is lost, the next one is tried again.
  file.on('error', () => {})
  return file
}

/** Log lines carry real time: they are compared with other programs' logs. */
const isoTime = () => `,"time":"${new Date().toISOString()}"`

/** `12:00:01.123 WARN  event key=value` */
function plainLine(json: string): string {
  const { time, level, msg, ...fields }: Record<string, unknown> = JSON.parse(json)
  const parts = Object.entries(fields).map(([name, value]) => `${name}=${fieldText(value)}`)
  const clock = String(time).slice(11, 23)
  return `${printable([clock, String(level).toUpperCase().padEnd(5), String(msg ?? ''), ...parts].join(' ').trimEnd())}\n`
}

function fieldText(value: unknown): string {
  if (typeof value === 'string') return /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value)
  if (typeof value === 'object' && value !== null && 'stack' in value) return JSON.stringify(value.stack)
  return JSON.stringify(value) ?? ''
}
