/** Whether the node takes articles and clients, as the control socket and the program ask for it. */
import { z } from 'zod'
import { type Mode, type ModeState, modes } from '../../feed/node-mode.ts'

export const modeStateSchema = z.object({ mode: z.enum(modes), reason: z.string() })

/** Characters; with the words before it, it fits a response line. RFC 3977 3.1 */
const longestReason = 100

export const modeChangeSchema = z.object({
  mode: z.enum(modes),
  reason: z
    .string()
    .max(longestReason)
    .regex(/^[\x20-\x7e]+$/, 'expected printable ASCII: clients are told it')
    .optional(),
})

export interface ModeControl {
  readonly state: ModeState
  /** The usual reason where there is none. */
  set(mode: Mode, reason?: string): void
}
