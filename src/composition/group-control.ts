/** What acts on newgroup, rmgroup and checkgroups: joined to the storage and the clock of a node. */
import { type Audit, noAudit } from '../audit/audit-log.ts'
import type { Clock } from '../clock.ts'
import type { Config } from '../config/config.ts'
import type { ClockWatch } from '../feed/age/clock-watch.ts'
import { Acting } from '../feed/group-control/acting.ts'
import { GroupControl } from '../feed/group-control/group-control.ts'
import { Letters } from '../feed/mail/letters.ts'
import type { Log } from '../log.ts'
import type { Entry } from '../storage/entry.ts'
import type { Storage } from '../storage/storage.ts'

export interface GroupControlling {
  readonly config: () => Config
  readonly clock: Clock
  readonly log: Log
  readonly audit?: Audit
  readonly random: (octets: number) => Buffer
  readonly watch: ClockWatch
  readonly asked?: () => number
  readonly observe?: { control?(type: string, outcome: string): void }
}

/** Does nothing before it is started. */
export function groupControlOver(storage: Storage, parts: GroupControlling): GroupControl {
  const { config, clock, log, random, audit = noAudit, watch, asked, observe } = parts
  const { reading, shelves, notes, places } = storage
  const submit = (entry: Entry) => storage.submit(entry)
  const letters = new Letters({ submit, config, clock, random, source: 'control' })
  const acting = new Acting({
    config,
    clock,
    log,
    audit,
    submit,
    reading,
    shelves,
    send: letter => letters.send(letter),
    doubt: () => watch.doubt(),
    observe: (type, outcome) => observe?.control?.(type, outcome),
  })
  return new GroupControl({ config, reading, notes, epoch: places.epoch, clock, log, asked, acting })
}
