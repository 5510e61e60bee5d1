/** `tidings audit`: whether the audit log is whole. Reads the files itself; the node need not run. */
import type { Command } from 'commander'
import { auditPath, checkAudit } from '../audit/audit-file.ts'
import { ControlFault } from '../server/control/node-control.ts'
import { counted } from './amounts.ts'
import type { CliContext } from './context.ts'

export function addAudit(program: Command, context: CliContext): void {
  const audit = program
    .command('audit')
    .description('The record of logins, postings and administrative acts.')
  audit
    .command('verify')
    .description('Check that no line of the audit log was changed, added or taken out.')
    .argument('[file]', 'audit log; its rotated files are read with it (else that of the configuration)')
    .option('--json', 'print JSON')
    .action(async (file: string | undefined, { json }: { readonly json?: boolean }) => {
      const path = file ?? auditPath(context.loadConfig().config)
      const check = await checkAudit(path)
      if (check.files === 0) throw new ControlFault('data', `there is no audit log ${path}`)
      if (json === true) await context.printJson({ ...check, whole: check.fault === undefined })
      if (check.fault !== undefined) throw new ControlFault('data', check.fault)
      if (json !== true)
        await context.print(`whole: ${counted(check.lines, 'line')}, ${counted(check.files, 'file')}\n`)
    })
}
