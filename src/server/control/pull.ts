/** A pull as the control socket runs it. */
import type { Clock } from '../../clock.ts'
import type { Config } from '../../config/config.ts'
import { secretProblem } from '../../config/file.ts'
import { isAccountName } from '../../config/values.ts'
import { type LinkConfig, plainLink } from '../../feed/link/link.ts'
import { NntpFault } from '../../feed/link/nntp-client.ts'
import type { Node } from '../../feed/node.ts'
import { pullParts } from '../../feed/pull/local.ts'
import { PullStopped } from '../../feed/pull/options.ts'
import { pull } from '../../feed/pull/pull.ts'
import type { Log } from '../../log.ts'
import type { Wildmat } from '../../wildmat.ts'
import { ControlFault, type PullOptions, type PullProgress } from './node-control.ts'

export interface PullRun {
  readonly node: Node
  readonly clock: Clock
  readonly log: Log
  readonly config: () => Config
  readonly signal: AbortSignal
}

type Wanted = Omit<PullOptions, 'groups'> & { readonly groups: Wildmat }

export async function* runPull(options: Wanted, run: PullRun): AsyncGenerator<PullProgress> {
  const { node, signal } = run
  const { host, port, groups, since, createGroups } = options
  try {
    yield* pull(
      {
        host,
        port,
        groups,
        createGroups,
        ...(since !== undefined && { since, afresh: true }),
        link: linkOf(options),
      },
      pullParts(node, run),
    )
  } catch (error) {
    if (signal.aborted) return
    if (error instanceof NntpFault)
      throw new ControlFault('unavailable', `${host}:${port}: ${error.message}`, { cause: error })
    if (error instanceof PullStopped)
      throw new ControlFault('retry', `our own store does not take it: ${error.message}`, { cause: error })
    throw error
  }
}

function linkOf({ account, tls, pin, caFile }: Wanted): LinkConfig {
  const problem = secretProblem(account?.passwordFile ?? '')
  if (problem !== undefined) throw new ControlFault('usage', problem)
  if (account !== undefined && !isAccountName(account.user))
    throw new ControlFault('usage', 'the name of an account has no blanks and no control characters')
  return {
    ...plainLink,
    tls,
    pin,
    ca_file: caFile ?? '',
    ...(account && { user: account.user, password_file: account.passwordFile }),
  }
}
