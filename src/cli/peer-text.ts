/** Peers as text: one line each, or all that is known of one. */
import { printable } from '../printable.ts'
import type { PeerLink, PeerReport, PullReport } from '../server/control/peer-control.ts'
import { duration, moment, octets, table, thousands } from './amounts.ts'
import type { CliContext } from './context.ts'

type Out = NonNullable<PeerReport['out']>

export function peersText(peers: readonly PeerReport[]): string {
  if (peers.length === 0) return 'No peer is configured; "tidings peer add" makes one.\n'
  const head = ['PEER', 'STATE', 'BEHIND', 'LAG', 'OUT', 'IN', 'TLS', 'LAST ERROR']
  return table([head, ...peers.map(peerRow)])
}

export function pullsText(pulls: readonly PullReport[]): string {
  if (pulls.length === 0) return 'No [[pull]] is configured.\n'
  const head = ['PULLED FROM', 'STATE', 'LAST', 'NEXT', 'ACCEPTED', 'REFUSED', 'LAST ERROR']
  return table([head, ...pulls.map(pullRow)])
}

function pullRow({ from, state, last, nextIn, accepted, refused, lastError }: PullReport): string[] {
  const next = state === 'waiting' ? `in ${duration(Math.ceil(nextIn / 1000))}` : 'now'
  const done = last === 0 ? '-' : moment(last)
  return [printable(from), state, done, next, thousands(accepted), thousands(refused), printable(lastError)]
}

function peerRow({ name, out, in: received }: PeerReport): string[] {
  const into = `${thousands(received.useful)} (${rate(received.rate)})`
  if (out === undefined)
    return [printable(name), 'not fed', '-', '-', '-', into, versions(received.links), '']
  return [
    printable(name),
    out.state,
    thousands(out.behind),
    duration(out.lag),
    `${thousands(out.accepted)} (${rate(out.rate)})`,
    into,
    versions([...out.links, ...received.links]),
    printable(out.lastError),
  ]
}

export function peerText(peer: PeerReport, { colors }: CliContext): string {
  const { name, aliases, to, from, out, accept, send } = peer
  const alias = aliases.length === 0 ? '' : `  also ${printable(aliases.join(', '))}`
  return [
    `${colors.bold(printable(name))}${alias}\n`,
    `\nWhat it is sent${out === undefined ? ': nothing, it has no to and send' : ''}\n`,
    out === undefined ? '' : indented(outRows(out, { to, send: send ?? '' })),
    `\nWhat it feeds us${from.length === 0 ? ': nothing, it has no from, certificate or account' : ''}\n`,
    from.length === 0 ? '' : indented(inRows(peer.in, { from, accept })),
  ].join('')
}

function outRows(out: Out, { to, send }: { to: readonly string[]; send: string }): string[][] {
  const next = out.retryIn > 0 ? `, called again in ${duration(out.retryIn)}` : ''
  const answers = out.answers.map(({ code, count }) => `${code} ${thousands(count)}`).join(', ')
  const rows = [
    ['state', `${out.state}${next}`],
    ['connections', `${thousands(out.connections)} to ${printable(to.join(' or '))}`],
    ...linkRows(out.links),
    ['subscribes to', printable(send)],
    ['place', `arrival ${thousands(out.cursor)}, ${thousands(out.behind)} behind, lag ${duration(out.lag)}`],
    ['waiting', `${thousands(out.waiting)}, of them ${thousands(out.deferred)} put off`],
    ['counted since', moment(out.since)],
    ['offered', `${thousands(out.offered)}, put off ${thousands(out.putOff)} times`],
    ['accepted', `${thousands(out.accepted)}, ${octets(out.octets)}, ${rate(out.rate)} over the last minute`],
    ['had already', thousands(out.duplicate)],
    ['refused', thousands(out.rejected)],
    ['gone', `${thousands(out.gone)} expired or cancelled before they could be delivered`],
    ['answers', answers],
  ]
  if (out.lastError !== '')
    rows.push(['last error', `${moment(out.lastErrorTime)}  ${printable(out.lastError)}`])
  return rows
}

const proofs: Readonly<Record<string, string>> = {
  authority: 'certified by an authority',
  pin: 'its key pinned',
  certificate: 'known by its certificate',
  account: 'known by its account',
  address: 'known by its address',
}

/** Connections that are open now, equal ones together. */
function linkRows(links: readonly PeerLink[]): string[][] {
  const counts = new Map<string, number>()
  for (const link of links) counts.set(linkText(link), (counts.get(linkText(link)) ?? 0) + 1)
  return [...counts].map(([text, count]) => [
    'TLS',
    count === 1 ? text : `${text}; ${thousands(count)} times`,
  ])
}

function linkText({ tls, proof, login, compressed }: PeerLink): string {
  return [
    tls === '' ? 'none' : printable(tls),
    proofs[proof],
    login === '' ? undefined : `login as ${printable(login)}`,
    compressed ? 'compressed' : undefined,
  ]
    .filter(text => text !== undefined)
    .join(', ')
}

/** Of the connections that are open now; `-` where there are none. */
function versions(links: readonly PeerLink[]): string {
  const all = new Set(links.map(({ tls }) => (tls === '' ? 'none' : printable(tls))))
  return all.size === 0 ? '-' : [...all].sort().join(', ')
}

function inRows(
  received: PeerReport['in'],
  { from, accept }: { from: readonly string[]; accept: string },
): string[][] {
  const rows = [
    ['from', printable(from.join(', '))],
    ...linkRows(received.links),
    ['accepted', printable(accept)],
    ['counted since', moment(received.since)],
    ['heard of', received.last === 0 ? 'never' : `${moment(received.first)} to ${moment(received.last)}`],
    ['offered', `${thousands(received.offered)}, put off ${thousands(received.putOff)}`],
    [
      'useful',
      `${thousands(received.useful)}, ${octets(received.octets)}, ${rate(received.rate)} over the last minute`,
    ],
    ['duplicate', `${thousands(received.duplicate)} offered that were here`],
    ['late', `${thousands(received.late)} sent when another copy had come`],
    ['deferred', `${thousands(received.deferred)} for trouble of our own`],
  ]
  for (const { count, text } of received.refused)
    rows.push(['refused', `${thousands(count)}  ${printable(text)}`])
  return rows
}

const indented = (rows: string[][]): string =>
  table(rows.map(([name = '', text = '']) => [`  ${name}`, text]))

/** `12.3/s` */
const rate = (perSecond: number): string =>
  `${perSecond === 0 || perSecond >= 100 ? Math.round(perSecond) : perSecond.toFixed(perSecond < 1 ? 2 : 1)}/s`
