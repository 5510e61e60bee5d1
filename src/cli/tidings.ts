/** Entry of the `tidings` program: the process as the surroundings of a command. */
import { readFileSync } from 'node:fs'
import { systemClock } from '../clock.ts'
import { runProgram } from './program.ts'
import type { Surroundings } from './surroundings.ts'

const { version }: { version: string } = JSON.parse(
  readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'),
)

const around: Surroundings = {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  pid: process.pid,
  clock: systemClock,
  version,
  onSignal(name, action) {
    process.on(name, action)
    return () => process.off(name, action)
  },
  onFault(action) {
    process.on('uncaughtException', action)
    process.on('unhandledRejection', action)
    return () => {
      process.off('uncaughtException', action)
      process.off('unhandledRejection', action)
    }
  },
  exit: code => process.exit(code),
}

// `tidings tail | head` is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 74))
process.stderr.on('error', () => {})

const code = await runProgram(process.argv.slice(2), around)
// What was printed may still be on its way into a pipe.
process.stdout.write('', () => process.exit(code))
