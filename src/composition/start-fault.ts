/** Why a node cannot start, in words that name the next step. */

import { CannotListen } from '../listen.ts'
import { ControlFault } from '../server/control/node-control.ts'
import { StoreIncomplete } from '../storage/database/store-error.ts'
import { CorruptJournal, MissingJournal, NoSpace } from '../storage/journal/journal-error.ts'
import { UnusableData } from '../storage/opening/data-directory.ts'
import { DamagedState } from '../storage/state/damaged-state.ts'
import { UnusableKeyPair } from '../tls/key-pair.ts'

/** Errors that say themselves what is the matter and what to do. */
const unusable = [
  CannotListen,
  UnusableData,
  CorruptJournal,
  MissingJournal,
  DamagedState,
  NoSpace,
  StoreIncomplete,
]

/** A `ControlFault` of what the configuration or the machine is to blame for; all else as it is. */
export function startFault(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof ControlFault) return error
  if (error instanceof UnusableKeyPair)
    return new ControlFault('config', `tls.${error.key}: ${error.message}`)
  if (unusable.some(kind => error instanceof kind))
    return new ControlFault('unavailable', error.message, { cause: error })
  return error
}
