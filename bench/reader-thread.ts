/** An honest reader in a thread of its own: asks for one article after the other and notes how long each takes. */
import { parentPort, workerData } from 'node:worker_threads'
import { Client } from './client.ts'
import { picks } from './scenario.ts'

export interface Reading {
  readonly port: number
  readonly ids: readonly string[]
}

const pauseMilliseconds = 5

async function read({ port, ids }: Reading): Promise<void> {
  const client = await Client.reader(port)
  const pick = picks(31)
  let taken: number[] = []
  parentPort?.on('message', () => {
    parentPort?.postMessage(taken)
    taken = []
  })
  parentPort?.postMessage('ready')
  for (;;) {
    const started = performance.now()
    await client.block(`ARTICLE ${ids[pick(ids.length)]}`)
    taken.push(performance.now() - started)
    await new Promise(resolve => setTimeout(resolve, pauseMilliseconds))
  }
}

await read(workerData)
