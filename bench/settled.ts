/** Waits for a server that still works on what it was given. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Server } from './target.ts'

const quietSeconds = 4
const mostSeconds = 120

/** Until it has nothing else to do: words of what was imported are indexed for a while, after a rest of up to a second. */
export async function settled(server: Server): Promise<void> {
  let last = server.usage().cpu
  for (let quiet = 0, waited = 0; quiet < quietSeconds && waited < mostSeconds; waited++) {
    await sleep(1000)
    const now = server.usage().cpu
    quiet = now - last < 0.02 ? quiet + 1 : 0
    last = now
  }
}
