/** Mails that wait, and remember what was asked of them. */
import type { MailControl, MailRow } from '../../src/server/control/mail-control.ts'
import { ControlFault } from '../../src/server/control/node-control.ts'

export class FakeMail implements MailControl {
  rows: MailRow[] = []
  readonly calls: string[] = []

  async list() {
    return this.rows
  }
  async show(id: number) {
    if (!this.rows.some(row => row.id === id)) throw new ControlFault('refused', `no mail ${id} waits`)
    return Buffer.from('Subject: s\r\n\r\n\x1b[2J\r\n')
  }
  async retry(id?: number) {
    this.calls.push(`retry ${id ?? 'all'}`)
  }
  async drop(id: number) {
    if (!this.rows.some(row => row.id === id)) throw new ControlFault('refused', `no mail ${id} waits`)
    this.calls.push(`drop ${id}`)
  }
}
