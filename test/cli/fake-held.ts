/** Articles held for release that remember what was asked of them. */
import type { HeldCopy, ModerateControl, Released } from '../../src/server/control/moderate-control.ts'
import { ControlFault } from '../../src/server/control/node-control.ts'

export class FakeHeld implements ModerateControl {
  copies: HeldCopy[] = []
  released: Released = { outcome: 'accepted', filings: [{ group: 'local.test', number: 5 }] }
  readonly calls: string[] = []

  async *list() {
    yield this.copies.map(({ row }) => row)
  }
  async find(messageId: string) {
    return this.copies.find(({ row }) => row.messageId === messageId)
  }
  async release(messageId: string) {
    await this.#known(messageId)
    this.calls.push(`release ${messageId}`)
    return this.released
  }
  async reject(messageId: string) {
    await this.#known(messageId)
    this.calls.push(`reject ${messageId}`)
  }

  async #known(messageId: string): Promise<void> {
    if (!(await this.find(messageId))) throw new ControlFault('refused', `no article ${messageId} is held`)
  }
}
