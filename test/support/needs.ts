/** Tests that drive other programs: skipped where those are absent, failed where skips are forbidden. */
import { spawnSync } from 'node:child_process'

export interface Need {
  /** A command line that succeeds where the program is there. */
  readonly probe: readonly [string, ...string[]]
  /** The Debian package to install. */
  readonly debian: string
}

/** Skips the test or suite and says what to install; under `TIDINGS_TEST_ALL=1` throws instead. */
export function needs(context: Mocha.Context, ...wanted: readonly Need[]): void {
  const absent = wanted.filter(({ probe: [command, ...words] }) => spawnSync(command, words).status !== 0)
  if (absent.length === 0) return
  const message = absent
    .map(({ probe, debian }) => `${probe.join(' ')} does not work here: apt-get install ${debian}`)
    .join('; ')
  if (process.env.TIDINGS_TEST_ALL === '1') throw new Error(message)
  console.log(`    skipped: ${message}`)
  context.skip()
}
