/** From a command line to its row and arguments. RFC 3977 3.1, 3.2.1, 9.2 */
import { type Command, line, type Response } from './command.ts'
import type { CommandTable } from './command-table.ts'

/** RFC 3977 3.1: octets of all arguments, the blanks between them counted. */
const mostArgumentOctets = 497

export interface CommandLine {
  readonly row: Command | undefined
  readonly args: readonly string[]
  /** Set where the line cannot be run: 500 or 501. */
  readonly refusal?: Response
}

/** `octets` is the line without its CRLF. */
export function parseCommandLine(octets: Buffer, table: CommandTable): CommandLine {
  // RFC 3977 3.1: UTF-8 is legal in arguments.
  const text = octets.toString()
  const words = wordsOf(text)
  const [first = '', second] = words
  const known = table.find(first)
  const name = known === undefined ? keyword(first) : first
  const paired = second !== undefined && table.secondWords(name).length > 0
  const pair = paired ? table.find(`${name} ${keyword(second)}`) : undefined
  const row = pair ?? known ?? table.find(name)
  const strayed = paired && pair === undefined
  if (row === undefined || strayed) return { row, args: [], refusal: unknown(first, table) }

  const names = pair === undefined ? 1 : 2
  const args = row.verbatim ? withRest(text, words, { names, row }) : words.slice(names)
  const refusal = refuse(row, args, octets)
  return refusal === undefined ? { row, args } : { row, args, refusal }
}

/** Most lines are a command and one argument: no array of blanks is made for them. */
function wordsOf(text: string): string[] {
  const blank = text.indexOf(' ')
  const end = text.length - 1
  const isPair = blank > 0 && blank < end && text.indexOf(' ', blank + 1) === -1 && !text.includes('\t')
  if (isPair) return [text.slice(0, blank), text.slice(blank + 1)]
  const words = text.includes('\t') || text.includes('  ') ? text.split(/[ \t]+/) : text.split(' ')
  if (words.at(-1) === '') words.pop() // trailing blanks are no argument
  return words
}

function refuse(row: Command, args: readonly string[], octets: Buffer): Response | undefined {
  const [least, most] = row.args
  const fits = args.length >= least && args.length <= most && (row.valid === undefined || row.valid(args))
  if (!fits) return line(501, `Syntax: ${row.syntax}`)
  if (octets.length > mostArgumentOctets && argumentOctets(octets, row) > mostArgumentOctets) {
    return line(501, 'Arguments too long')
  }
  return undefined
}

function argumentOctets(octets: Buffer, row: Command): number {
  const text = octets.toString('latin1')
  const names = row.name.includes(' ') ? /^[^ \t]*[ \t]+[^ \t]*[ \t]+/ : /^[^ \t]*[ \t]+/
  const rest = text.replace(names, '')
  let end = rest.length
  // A regular expression for this takes quadratic time.
  while (rest[end - 1] === ' ' || rest[end - 1] === '\t') end--
  return end
}

/** RFC 3977 3.2.1: 500 for an unknown command, 501 for a known one with an unknown second keyword. */
function unknown(first: string, table: CommandTable): Response {
  const second = table.secondWords(keyword(first))
  if (second.length === 0) return line(500)
  return line(501, `Unknown ${keyword(first)} keyword, expected ${second.join(', ')}`)
}

/** RFC 4643 2.3.2: user names and passwords may hold blanks, so the last argument is the rest as it stands. */
function withRest(
  text: string,
  words: readonly string[],
  { names, row }: { readonly names: number; readonly row: Command },
): readonly string[] {
  const before = names + row.args[1] - 1
  if (words.length <= before) return words.slice(names)
  let rest = text
  for (let i = 0; i < before; i++) rest = rest.replace(/^[^ \t]*[ \t]+/, '')
  return [...words.slice(names, before), rest]
}

/** Keywords are ASCII: no letter that merely turns into one in upper case (RFC 3977 9.8). */
function keyword(word: string): string {
  return /^[\x21-\x7e]*$/.test(word) ? word.toUpperCase() : ''
}
