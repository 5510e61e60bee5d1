/** `tidings peer`: the state of the peers, and the feeds to them stopped, started and hurried. */
import type { Command } from 'commander'
import { z } from 'zod'
import { printable } from '../printable.ts'
import { peerReportSchema, peerTestItemSchema, pullReportSchema } from '../server/control/peer-control.ts'
import type { CliContext } from './context.ts'
import { exitCodes } from './exit-codes.ts'
import { addPeerBackfill } from './peer-backfill.ts'
import { addPeerChanges } from './peer-change.ts'
import { peersText, peerText, pullsText } from './peer-text.ts'

interface Options {
  readonly json?: boolean
}

export function addPeer(program: Command, context: CliContext): void {
  const peer = program.command('peer').description('Servers that the running node exchanges articles with.')
  peer
    .command('list')
    .description('List the peers: what they are sent, how far they are behind, what they bring.')
    .option('--json', 'print JSON')
    .action(async ({ json }: Options) => {
      const peers = await context.ask('peer.list', {}, { result: z.array(peerReportSchema) })
      if (json === true) return context.printJson(peers)
      await context.print(peersText(peers))
      const pulls = await context.ask('peer.pulls', {}, { result: z.array(pullReportSchema) })
      if (pulls.length > 0) await context.print(`\n${pullsText(pulls)}`)
    })
  peer
    .command('pulls')
    .description('Show the servers of [[pull]]: when each was read last, and what came of it.')
    .option('--json', 'print JSON')
    .action(async ({ json }: Options) => {
      const pulls = await context.ask('peer.pulls', {}, { result: z.array(pullReportSchema) })
      await (json === true ? context.printJson(pulls) : context.print(pullsText(pulls)))
    })
  peer
    .command('show')
    .description('Show all that is known of a peer, counted since the node was started.')
    .argument('<name>', 'its path identity')
    .option('--json', 'print JSON')
    .action(async (name: string, { json }: Options) => {
      const shown = await context.ask('peer.show', { name }, { result: peerReportSchema })
      await (json === true ? context.printJson(shown) : context.print(peerText(shown, context)))
    })
  addFeeds(peer, context)
  peer
    .command('test')
    .description(
      'Call a peer as the feed would, see how far it lets us, and say so in a sentence. Sends nothing.',
    )
    .argument('<name>')
    .option('--json', 'print JSON')
    .action((name: string, options: Options) => test(context, name, options))
  addPeerBackfill(peer, context)
  addPeerChanges(peer, context)
}

/** What the feed to a peer is told. */
function addFeeds(peer: Command, context: CliContext): void {
  peer
    .command('stop')
    .description('Send a peer nothing until "peer start", or until the node is started again.')
    .argument('<name>')
    .action(async (name: string) => {
      const done = await context.ask('peer.stop', { name }, { result: z.boolean() })
      await context.print(
        done
          ? `stopped ${printable(name)}; "tidings peer start" or a new start of the node goes on from its place\n`
          : `${printable(name)} was stopped already\n`,
      )
    })
  peer
    .command('start')
    .description('Go on sending to a peer that was stopped, from its place.')
    .argument('<name>')
    .action(async (name: string) => {
      const done = await context.ask('peer.start', { name }, { result: z.boolean() })
      await context.print(done ? `started ${printable(name)}\n` : `${printable(name)} was not stopped\n`)
    })
  peer
    .command('flush')
    .description('Call a peer now and offer what was put off now, instead of when its time comes.')
    .argument('<name>')
    .action(async (name: string) => {
      await context.ask('peer.flush', { name }, { result: z.unknown() })
      await context.print(
        `calling ${printable(name)}; "tidings peer show ${printable(name)}" says how it went\n`,
      )
    })
}

async function test(context: CliContext, name: string, { json }: Options): Promise<void> {
  await using node = await context.connect()
  const findings: unknown[] = []
  for await (const received of node.stream('peer.test', { name }, context.interruption())) {
    const item = peerTestItemSchema.parse(received)
    if ('what' in item) findings.push(item)
    else if (!item.ok) context.exitCode = exitCodes.refused
    if (json !== true)
      await context.print(
        'what' in item
          ? `${item.what.padEnd(12)}  ${printable(item.text)}\n`
          : `${printable(item.sentence)}\n`,
      )
    else if (!('what' in item)) await context.printJson({ ...item, findings })
  }
}
