/** `tidings demo`: three nodes that peer in a triangle, with groups and articles, and nothing left behind. */
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Command } from 'commander'
import { z } from 'zod'
import { printable } from '../printable.ts'
import {
  ControlFault,
  postOutcomeSchema,
  type TailEvent,
  tailEventSchema,
} from '../server/control/node-control.ts'
import { type Trace, traceSchema } from '../server/control/trace-report.ts'
import type { CliContext } from './context.ts'
import { type DemoArticle, demoArticles, demoText } from './demo-articles.ts'
import { DemoSite } from './demo-site.ts'
import { demoFloodText, demoSumText, demoTitle, demoTry } from './demo-text.ts'
import { type RunNode, runNode } from './start.ts'

const names = ['amsterdam.example', 'berlin.example', 'chicago.example'] as const
/** An address of this machine for each node: that is how its peers know it. */
const addresses = ['127.0.0.2', '127.0.0.3', '127.0.0.4'] as const
/** Milliseconds for an article to be everywhere. */
const patience = 30_000
const lookAgain = 50

export function addDemo(program: Command, context: CliContext, run: RunNode = runNode): void {
  program
    .command('demo')
    .description('Run three peered nodes with sample groups and articles; nothing is left behind.')
    .option('--once', 'end after the tour, instead of running until Ctrl-C')
    .action((options: { once?: boolean }) => demo(context, { run, once: options.once === true }))
}

async function demo(
  context: CliContext,
  { run, once: ends }: { run: RunNode; once: boolean },
): Promise<void> {
  await addressesAreHere()
  const interrupted = context.interruption()
  const folder = mkdtempSync(join(tmpdir(), 'tidings-demo-'))
  try {
    await using triangle = new Triangle(context, { folder, run })
    await triangle.start()
    await context.print(demoTitle(triangle.sites, context))
    await triangle.fill(interrupted)
    if (interrupted.aborted) return
    await context.print(triangle.story())
    if (ends || interrupted.aborted) return
    await context.print(demoTry(triangle.sites, context))
    await triangle.watch(interrupted)
  } finally {
    rmSync(folder, { recursive: true, force: true })
    await context.print('The nodes have stopped, and their folder is gone.\n')
  }
}

class Triangle implements AsyncDisposable {
  readonly sites: readonly DemoSite[]
  readonly #context: CliContext
  /** How each article went: one trace of each node. */
  readonly #traces = new Map<string, readonly Trace[]>()

  constructor(context: CliContext, { folder, run }: { folder: string; run: RunNode }) {
    this.#context = context
    const { clock } = context.around
    this.sites = names.map(
      (name, at) => new DemoSite({ name, address: addresses[at] ?? '', folder, clock, run }),
    )
  }

  async start(): Promise<void> {
    await Promise.all(this.sites.map(site => site.start()))
    for (const [at, site] of this.sites.entries()) {
      const others = this.sites.filter(other => other !== site)
      await site.peer(others.map(other => ({ site: other, send: this.#send(at, this.sites.indexOf(other)) })))
    }
  }

  /** Posts the samples, and waits until they are on every node. */
  async fill(interrupted: AbortSignal): Promise<void> {
    for (const article of demoArticles) {
      await this.#post(article)
      // An answer is posted where its original can be read.
      this.#traces.set(article.id, await this.#settled(article.id, interrupted))
    }
  }

  /** How two of the articles went: one that history stopped on its second way, one that Path stopped. */
  story(): string {
    const floods = ['<welcome@demo.example>', '<bread@demo.example>'].map(id => ({
      id,
      site: this.sites[0]?.name ?? '',
      traces: this.#traces.get(id) ?? [],
    }))
    return demoFloodText(floods, this.#context) + demoSumText([...this.#traces.values()], this.#context)
  }

  /** Says what arrives where, until it is interrupted or a node ends. */
  async watch(interrupted: AbortSignal): Promise<void> {
    const enough = new AbortController()
    const stop = () => enough.abort()
    interrupted.addEventListener('abort', stop, { once: true })
    const ended = Promise.race(this.sites.map(site => site.finished)).then(stop)
    const watched = this.sites.map(site => this.#watch(site, enough.signal))
    await Promise.race([ended, ...watched])
    stop()
    await Promise.allSettled(watched)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.sites.map(site => site[Symbol.asyncDispose]()))
  }

  /** From the first to the third node recipes go by the second, so that Path can be seen at work. */
  #send(from: number, to: number): string {
    return from === 0 && to === 2 ? 'demo.*,!demo.recipes' : 'demo.*'
  }

  async #post(article: DemoArticle): Promise<void> {
    const blob = Buffer.from(demoText(article))
    const posted = await this.sites[article.site]?.ask('post', {}, { result: postOutcomeSchema, blob })
    if (posted?.outcome !== 'accepted')
      throw new ControlFault('internal', `${article.id} was not taken: ${posted?.reason ?? ''}`)
  }

  /** Waits until the article is on every node and nobody has to offer it any more. */
  async #settled(messageId: string, interrupted: AbortSignal): Promise<readonly Trace[]> {
    const { clock } = this.#context.around
    const deadline = clock.monotonic() + patience
    for (;;) {
      const traces = await Promise.all(
        this.sites.map(site => site.ask('article.trace', { messageId }, { result: traceSchema })),
      )
      if (interrupted.aborted || traces.every(isSettled)) return traces
      if (clock.monotonic() > deadline)
        throw new ControlFault(
          'internal',
          `${messageId} did not reach every node in ${patience / 1000} seconds`,
        )
      await this.#hurry(traces)
      await clock.sleep(lookAgain, interrupted)
    }
  }

  /** What was put off because another node was just sending it is offered again at once. */
  async #hurry(traces: readonly Trace[]): Promise<void> {
    for (const [at, { peers }] of traces.entries())
      for (const { name, outcome } of peers)
        if (outcome === 'put off') await this.sites[at]?.ask('peer.flush', { name }, { result: z.unknown() })
  }

  async #watch(site: DemoSite, signal: AbortSignal): Promise<void> {
    await using client = await site.connect()
    try {
      for await (const item of client.stream('tail', { wildmat: '*' }, signal))
        await this.#context.print(arrivalText(site, tailEventSchema.parse(item)))
    } catch (error) {
      if (!signal.aborted) throw error
    }
  }
}

const isSettled = ({ stored, peers }: Trace): boolean =>
  stored !== undefined && peers.every(({ outcome }) => outcome !== 'waiting' && outcome !== 'put off')

function arrivalText({ name }: DemoSite, { filings, source, subject, kind }: TailEvent): string {
  if (kind !== 'article') return ''
  const where = filings.map(({ group, number }) => `${group}:${number}`).join(' ')
  const whence = source.startsWith('peer:') ? `from ${source.slice('peer:'.length)}` : 'posted there'
  return `${printable(`${name.padEnd(18)} ${where}  "${subject}"  ${whence}`)}\n`
}

/** Throws where this machine has no address but 127.0.0.1 for itself. */
async function addressesAreHere(): Promise<void> {
  for (const host of addresses) {
    const server = createServer()
    try {
      server.listen(0, host)
      await once(server, 'listening')
    } catch (cause) {
      throw new ControlFault(
        'unavailable',
        `the demo needs the addresses ${addresses.join(', ')} on this machine; on macOS: sudo ifconfig lo0 alias ${host}`,
        { cause },
      )
    } finally {
      server.close()
    }
  }
}
