/** The audit log of a node: opened before anything is put on record, or the node does not start. */
import { auditPath, openAuditFile } from '../audit/audit-file.ts'
import { AuditLog } from '../audit/audit-log.ts'
import type { Clock } from '../clock.ts'
import type { Config } from '../config/config.ts'
import type { Log } from '../log.ts'
import { ControlFault } from '../server/control/node-control.ts'

export interface AuditParts {
  readonly config: () => Config
  readonly clock: Clock
  readonly log: Log
  /** Old files are removed only while the time of day is believed. */
  readonly isTimeKnown: () => boolean
}

/** Rejects with a `ControlFault` where it cannot be written. */
export async function openAudit({ config, clock, log, isTimeKnown }: AuditParts): Promise<AuditLog> {
  try {
    const keepDays = () => config().audit.keep_days
    const file = await openAuditFile({ path: auditPath(config()), clock, keepDays, isTimeKnown })
    return new AuditLog(file, { clock, log })
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new ControlFault('unavailable', `the audit log cannot be written: ${why}; change audit.file`, {
      cause,
    })
  }
}
