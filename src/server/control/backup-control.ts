/** What an administrator may ask of backups, as the control socket and the `tidings` program see it. */
import { z } from 'zod'

const amount = z.number().min(0)

/** The folder is absolute, and written by the node. */
export const backupOptionsSchema = z.object({ folder: z.string().min(1) })
export type BackupRequest = z.infer<typeof backupOptionsSchema>

export const backupProgressSchema = z.object({
  articles: amount,
  octets: amount,
  copied: amount,
  copiedOctets: amount,
  damaged: amount,
  arrival: amount,
  newest: amount,
  done: z.boolean(),
})
