/** Loaded into a node's process before the program: says on a socket of its own how much memory stays after a collection. */
import { rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { isMainThread } from 'node:worker_threads'

const path = process.env.TIDINGS_PROBE
// Workers load this too.
if (isMainThread && path !== undefined) {
  setFlagsFromString('--expose-gc')
  const collect: () => void = runInNewContext('gc')
  rmSync(path, { force: true })
  const server = createServer(async socket => {
    socket.on('error', () => undefined)
    for (let turn = 0; turn < 3; turn++) {
      collect()
      await new Promise(resolve => setImmediate(resolve))
    }
    const { heapUsed, external } = process.memoryUsage()
    const timers = process.getActiveResourcesInfo().filter(name => name === 'Timeout').length
    socket.end(JSON.stringify({ memory: heapUsed + external, timers }))
  })
  server.listen(path).unref()
}
