/** One command from its line to its response: checks in the order the RFC gives them, faults caught once. RFC 3977 3.2.1 */
import { IndexUnfinished } from '../storage/index/index-unfinished.ts'
import { type Block, type Command, line, type Response } from './command.ts'
import { type CommandLine, parseCommandLine } from './command-line.ts'
import type { CommandTable } from './command-table.ts'
import { NntpError } from './nntp-error.ts'
import type { Session } from './session.ts'

/** A command that is understood and can be started. */
export class Step {
  readonly #session: Session
  readonly #line: CommandLine
  readonly row: Command | undefined
  readonly concurrent: boolean

  constructor(session: Session, understood: CommandLine) {
    const { row, args } = understood
    this.#session = session
    this.#line = understood
    this.row = row
    this.concurrent = typeof row?.concurrent === 'function' ? row.concurrent(args) : row?.concurrent === true
  }

  /** A block follows the line: it must be read whole before `run`, even where the answer will be a refusal. */
  get block(): boolean {
    return this.row?.block === true
  }

  /** The line came, and its block is still to come. */
  begins(): void {
    this.row?.begins?.(this.#session, this.#line.args)
  }

  /** Never rejects. */
  run(block?: Block): Response | Promise<Response> {
    const session = this.#session
    const { row, args, refusal } = this.#line
    if (row === undefined) {
      const response = refusal ?? line(500)
      session.services.observe?.command('unknown', response.code)
      return response
    }
    // Not by `settle`: that would take a function more for each command.
    try {
      return settled(refusal ?? missing(row, session) ?? row.run(session, args, block), session, row)
    } catch (error) {
      return failed(error, session, row)
    }
  }
}

/** `octets` is a command line without CRLF. */
export const interpret = (octets: Buffer, session: Session, table: CommandTable): Step =>
  new Step(session, parseCommandLine(octets, table))

/** Runs a continuation of `row`; whatever it throws becomes a response. Never rejects. */
export function settle(
  session: Session,
  row: Command,
  act: () => Response | Promise<Response>,
): Response | Promise<Response> {
  try {
    return settled(act(), session, row)
  } catch (error) {
    return failed(error, session, row)
  }
}

function settled(
  response: Response | Promise<Response>,
  session: Session,
  row: Command,
): Response | Promise<Response> {
  if (!(response instanceof Promise)) return counted(response, session, row)
  return response.then(
    it => counted(it, session, row),
    (error: unknown) => failed(error, session, row),
  )
}

function counted(response: Response, { services }: Session, row: Command): Response {
  services.observe?.command(row.name, response.code)
  return response
}

function failed(error: unknown, session: Session, row: Command): Response {
  return counted(answerTo(error, session, row), session, row)
}

function answerTo(error: unknown, session: Session, row: Command): Response {
  if (error instanceof NntpError) {
    return error.message === '' ? line(error.code) : line(error.code, error.message)
  }
  // What is asked for may be there: 430, 423 or 420 would say that it is not. RFC 3977 3.2.1.2
  if (error instanceof IndexUnfinished) return row.fault ?? line(403, error.message)
  session.log.error({ command: row.name, err: error }, 'command failed')
  return row.fault ?? line(403)
}

/** RFC 3977 3.2.1: what the session lacks for this row; the group comes before the permission. */
export function missing(row: Command, session: Session): Response | undefined {
  const { needs } = row
  if (needs === undefined) return undefined
  if (needs.includes('group') && session.group === undefined) return line(412)
  for (const need of needs) if (need !== 'group' && !has(session, need)) return denied(session, need)
  return undefined
}

/** What decides whether a row works for this session, apart from the group: CAPABILITIES and HELP ask too. */
export function has(session: Session, need: 'reader' | 'poster' | 'peer'): boolean {
  const { access } = session
  switch (need) {
    case 'reader':
      return access.reader !== false
    case 'poster':
      return access.postsSomewhere !== false
    case 'peer':
      return access.source !== undefined
  }
}

function denied(session: Session, need: 'reader' | 'poster' | 'peer'): Response {
  // RFC 8054 2.2.2: under compression there is no login.
  if (session.access.loginHelps && !session.transports.has('deflate')) return line(480)
  return line(need === 'poster' ? 440 : 502) // RFC 3977 6.3.1
}
