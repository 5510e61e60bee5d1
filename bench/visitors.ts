/** Visitors who come and go: a small C program where there is a compiler, or else clients in this process. */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Client } from './client.ts'
import { run } from './proc.ts'
import { timed } from './scenario.ts'

const source = fileURLToPath(new URL('../../bench/visitors.c', import.meta.url))

export interface Visits {
  readonly port: number
  readonly count: number
  readonly atOnce: number
  /** For the program. */
  readonly directory: string
}

/** Seconds that `count` connections take, each with a greeting and QUIT. */
export function visit(visits: Visits): Promise<number> {
  const program = compiled(visits.directory)
  return program === undefined ? timed(() => byClients(visits)) : byProgram(program, visits)
}

/** Undefined where there is no compiler. A driver in Node costs about as much as the server that it measures. */
function compiled(directory: string): string | undefined {
  const program = join(directory, 'visitors')
  if (existsSync(program)) return program
  return spawnSync('cc', ['-O2', '-o', program, source]).status === 0 ? program : undefined
}

async function byProgram(command: string, { port, count, atOnce, directory }: Visits): Promise<number> {
  const output = join(directory, 'visited')
  rmSync(output, { force: true })
  await run({ command, args: [port, count, atOnce].map(String), output })
  return Number(readFileSync(output, 'latin1'))
}

async function byClients({ port, count, atOnce }: Visits): Promise<void> {
  let left = count
  const visitor = async () => {
    while (left-- > 0) {
      const client = await Client.open(port)
      await client.quit()
    }
  }
  await Promise.all(Array.from({ length: atOnce }, visitor))
}
