/** What a row of the command table is, and the five kinds of answer a handler may give. */
import type { Arrived } from '../own-memory.ts'
import type { ReasonName } from '../reason.ts'
import type { Code } from '../response.ts'
import type { Session } from './session.ts'

/** `text` defaults to the usual text of the code. */
interface Line {
  readonly code: Code
  readonly text?: string
  /** Close the connection once this is flushed. */
  readonly close?: boolean
}

/** Whole lines, CRLF at the end of each, dots stuffed; chunks up to 64 KiB. */
export type Lines = AsyncIterable<Uint8Array> | Iterable<Uint8Array>

export type Response =
  /** One line. */
  | (Line & { readonly kind: 'line' })
  /** A line and a block: whole lines in wire form, without the terminator, chunks up to 64 KiB. */
  | (Line & { readonly kind: 'body'; readonly body: Lines })
  /** A line and a block that is ready as it is, terminator included. */
  | (Line & { readonly kind: 'block'; readonly block: Buffer })
  /** A line, and what to do with the block or line the client sends next. Not called `then`: it would be a promise. */
  | (Line & {
      readonly kind: 'continue'
      readonly expect: 'block'
      /** Called when the first octet of the block comes. */
      readonly begins?: () => void
      readonly reply: (block: Block) => Promise<Response>
    })
  | (Line & {
      readonly kind: 'continue'
      readonly expect: 'line'
      readonly reply: (line: string) => Promise<Response>
    })
  /** A line, and from then on another transport below (STARTTLS, COMPRESS). */
  | (Line & { readonly kind: 'switch'; readonly transport: 'tls' | 'deflate' })
  /** A line and lines as they come, until the client sends its next line. */
  | (Line & { readonly kind: 'live'; readonly lines: (signal: AbortSignal) => AsyncIterable<Uint8Array> })

/** A block as read from the client: its octets in wire form, or why they cannot be kept. */
export type Block = ({ readonly ok: true } & Arrived) | { readonly ok: false; readonly fault: ReasonName }

export interface Command {
  /** `GROUP`, or two words: `LIST ACTIVE`. */
  readonly name: string
  /** Least and most number of arguments after the name. */
  readonly args: readonly [number, number]
  /** What the session must have. The engine checks 501, then 412, then 480 or 502 (440 for `poster`). */
  readonly needs?: readonly ('group' | 'reader' | 'poster' | 'peer')[]
  /** For HELP and the text of 501: `GROUP newsgroup`. */
  readonly syntax: string
  /** For docs/standards.md: `RFC 3977 6.1.1`. */
  readonly rfc: string
  /** What the row adds to CAPABILITIES, where it works for this session: `READER`, `OVER MSGID`. */
  readonly capability?: string | ((session: Session) => string | readonly string[] | undefined)
  /** Whether the arguments have the right form; 501 where not. A row without it takes any. */
  readonly valid?: (args: readonly string[]) => boolean
  /** The engine may start the next concurrent command before this one has answered; answers stay in order. */
  readonly concurrent?: boolean | ((args: readonly string[]) => boolean)
  /** With `concurrent`: the answer holds an article until it is sent, so fewer are started. */
  readonly holdsArticle?: boolean
  /** A block follows the line without an invitation (TAKETHIS): read whole before `run`. */
  readonly block?: boolean
  /** With `block`: called when the line came, before the block. */
  readonly begins?: (session: Session, args: readonly string[]) => void
  /** The last argument is the rest of the line, verbatim (AUTHINFO). RFC 4643 2.3.2 */
  readonly verbatim?: boolean
  /** Answer to an unexpected fault; 403 where absent. */
  readonly fault?: Response
  run(session: Session, args: readonly string[], block?: Block): Response | Promise<Response>
}

/** A response of one line. */
export function line(code: Code, text?: string): Response {
  return text === undefined ? { kind: 'line', code } : { kind: 'line', code, text }
}

/** A response line with a block below it. `lines` are whole lines in wire form without the terminator. */
export function body(code: Code, text: string | undefined, lines: Lines): Response {
  return text === undefined ? { kind: 'body', code, body: lines } : { kind: 'body', code, text, body: lines }
}
