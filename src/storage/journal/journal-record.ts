/** What one record of the journal says, and who takes it when it is replayed. */
import type { Change, DatabaseName } from '../store.ts'

/** What one applied entry does, as absolute values: replaying it twice is replaying it once. */
export type RecordChanges = readonly (Change & { readonly database: DatabaseName })[]

/** Takes the changes of one frame, in order. */
export type Replay = (changes: RecordChanges) => Promise<void>
