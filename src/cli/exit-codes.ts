/** What the program ends with: sysexits(3), and 130 on Ctrl-C as shells do. */
import type { FaultCode } from '../server/control/node-control.ts'

export const exitCodes = {
  done: 0,
  refused: 1,
  usage: 64,
  data: 65,
  unavailable: 69,
  internal: 70,
  create: 73,
  io: 74,
  retry: 75,
  permission: 77,
  config: 78,
  cancelled: 130,
} as const satisfies Record<FaultCode | 'done', number>
