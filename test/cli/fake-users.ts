/** Accounts that remember what was asked of them. */
import { ControlFault } from '../../src/server/control/node-control.ts'
import type { UserChange, UserControl, UserRow } from '../../src/server/control/user-control.ts'

export class FakeUsers implements UserControl {
  rows: UserRow[] = []
  /** What came, with the passwords. */
  readonly asked: unknown[] = []

  async *list() {
    yield this.rows
  }
  async add(change: UserChange, password: string): Promise<UserRow> {
    this.asked.push(['add', change, password])
    if (this.rows.some(({ name }) => name === change.name))
      throw new ControlFault('refused', `there is an account ${change.name} already`)
    return this.#made(change, password)
  }
  async set(change: UserChange, password: string): Promise<UserRow> {
    this.asked.push(['set', change, password])
    return this.#made(change, password)
  }
  async remove(name: string): Promise<void> {
    this.asked.push(['remove', name])
  }

  #made(
    { name, roles = [], groups = [], certificates = [], disabled = false }: UserChange,
    password: string,
  ) {
    const row = {
      name,
      roles,
      groups,
      certificates,
      disabled,
      password: password !== '',
      scram: false,
      created: 0,
    }
    this.rows.push(row)
    return row
  }
}
