/** An act of an administrator or moderator: done, and on record as the control socket's are, with who did it. */
import { visibleLine } from '../../article-text/visible.ts'
import type { Office } from '../office.ts'
import type { Site, Visit } from '../site.ts'

/** Characters of the arguments that are on record. */
const longestArguments = 500

interface Act {
  readonly office: Office
  /** As the control socket calls it. */
  readonly cmd: string
  readonly args: object
  readonly run: () => Promise<unknown>
}

/** Undefined where it is done, else why not, for people. Rejects for a fault of ours. */
export async function done(
  site: Site,
  { person, client }: Visit,
  { office, cmd, args, run }: Act,
): Promise<string | undefined> {
  const account = person?.account.name ?? ''
  const text = JSON.stringify(args).slice(0, longestArguments)
  const record = (result: string) =>
    site.audit.record('admin', { cmd, args: text, result, account, address: client.address })
  site.log.info({ cmd, args: text, account }, 'request of the web reader')
  try {
    await run()
  } catch (error) {
    const fault = office.fault(error)
    record(fault?.code ?? 'internal')
    if (fault === undefined) throw error
    return visibleLine(fault.message)
  }
  record('done')
  return undefined
}
