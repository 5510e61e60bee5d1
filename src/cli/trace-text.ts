/** The way of an article as text. */
import { printable } from '../printable.ts'
import type { Trace } from '../server/control/trace-report.ts'
import { moment, octets, table, thousands } from './amounts.ts'

const unknown: Readonly<Record<string, string>> = {
  expired: 'It was here and has expired. Copies are declined.',
  gone: 'It is not here: it was cancelled. Copies are declined.',
  committing: 'It is being stored right now.',
  new: 'It is not here, and a copy would be taken.',
  have: 'It is not here any more.',
}

export function traceText({ messageId, known, since, stored, peers, refusals }: Trace): string {
  return [
    `${printable(messageId)}\n`,
    stored === undefined ? `${unknown[known] ?? printable(known)}\n` : storedText(stored),
    since === undefined ? '' : `Since ${moment(since)}.\n`,
    stored === undefined || stored.checks.length === 0
      ? ''
      : `\nChecks, by the rules of now\n${table(stored.checks.map(checkRow))}`,
    peers.length === 0 ? '' : `\nPeers\n${table(peers.map(peerRow))}`,
    refusals.length === 0 ? '' : `\nRefused\n${table(refusals.map(refusalRow))}`,
    stored === undefined && known === 'new' && refusals.length === 0
      ? 'Nothing is known of it: nobody was refused with it lately.\n'
      : '',
  ].join('')
}

function storedText(stored: NonNullable<Trace['stored']>): string {
  const { arrival, time, source, filings, distributions, path } = stored
  const groups = filings.map(({ group, number }) => `${group}:${number}`).join(', ')
  const rows = [
    ['arrived', `${moment(time)}, arrival ${thousands(arrival)}, ${octets(stored.octets)}`],
    ['from', sourceText(source)],
    ['filed', groups === '' ? 'in no group' : printable(groups)],
  ]
  if (distributions.length > 0) rows.push(['distribution', printable(distributions.join(', '))])
  for (const [at, { entry, note }] of path.entries())
    rows.push([at === 0 ? 'path' : '', printable(note === '' ? entry : `${entry}  (${note})`)])
  return table(rows)
}

function peerRow({ name, text, code }: Trace['peers'][number]): string[] {
  return [`  ${printable(name)}`, printable(code === undefined ? text : `${text} (${code})`)]
}

function checkRow({ check, verdict, text }: NonNullable<Trace['stored']>['checks'][number]): string[] {
  return [`  ${printable(check)}`, printable(verdict), printable(text)]
}

function refusalRow({ time, source, check, text }: Trace['refusals'][number]): string[] {
  return [`  ${moment(time)}`, sourceText(source), `by ${printable(check)}`, printable(text)]
}

/** `peer:news.b.example` in words. */
function sourceText(source: string): string {
  const at = source.indexOf(':')
  const [kind, name] = at < 0 ? [source, ''] : [source.slice(0, at), source.slice(at + 1)]
  if (kind === 'peer') return printable(`peer ${name}`)
  if (kind === 'post') return name === '' ? 'a posting here' : printable(`a posting of ${name}`)
  if (kind === 'pull') return printable(`pulled from ${name}`)
  return printable(source)
}
