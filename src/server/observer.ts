/** What the node is told of newsreaders and peers: counts for the metrics, and that somebody waits for an answer. */
import { transitCommands } from './commands/transit.ts'
import type { Metrics } from './metrics.ts'
import type { Observer } from './session.ts'

const transit: ReadonlySet<string> = new Set(transitCommands.map(({ name }) => name))

/** `asked` is called for each command but those of transit: a peer does not wait in front of a screen. */
export function observerOf(metrics: Pick<Metrics, 'connection' | 'command'>, asked: () => void): Observer {
  return {
    connection: taken => metrics.connection('nntp', taken),
    command: (name, code) => {
      metrics.command(name, code)
      if (!transit.has(name)) asked()
    },
  }
}
