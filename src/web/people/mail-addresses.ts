/** Which mail address is whose: on the shelf of the account, and a row that leads from the address to the account. */
import { createHmac } from 'node:crypto'
import { z } from 'zod'
import type { Account, AccountName } from '../../account.ts'
import { accountName } from '../../account.ts'
import { accountShelf, type ShelfChanges, type Shelves } from '../../storage/state/shelves.ts'

const row = 'mail'
const prefix = 'address:'
const everybody = 'web'
const mailSchema = z.object({
  address: z.string(),
  /** Whether a letter sent there was opened. */
  proven: z.boolean(),
})

export type MailRow = Readonly<z.infer<typeof mailSchema>>

export interface MailAddressParts {
  readonly shelves: Shelves
  readonly find: (name: AccountName) => Promise<Account | undefined>
  readonly secret: Buffer
}

export class MailAddresses {
  readonly #parts: MailAddressParts

  constructor(parts: MailAddressParts) {
    this.#parts = parts
  }

  async of(account: string): Promise<MailRow | undefined> {
    const value = await this.#parts.shelves.load(accountShelf(account), row)
    return value && mailSchema.safeParse(JSON.parse(value.toString())).data
  }

  /** Whose it is; what leads to an account that has another address by now counts for nothing. */
  async accountOf(address: string): Promise<Account | undefined> {
    const value = await this.#parts.shelves.load(everybody, this.#key(address))
    const name = value && accountName(value.toString())
    const account = name && (await this.#parts.find(name))
    if (account === undefined) return undefined
    const mail = await this.of(account.name)
    return mail !== undefined && same(mail.address, address) ? account : undefined
  }

  /** In one commit: a node that is killed meanwhile leaves the old address or the new one. */
  async keep(account: AccountName, mail: MailRow): Promise<void> {
    const leading = await this.#leadingAway(account, await this.of(account))
    leading.set(this.#key(mail.address), Buffer.from(account))
    await this.#save(account, { leading, value: Buffer.from(JSON.stringify(mail)) })
  }

  /** Nothing leads from its address to the account any more. */
  async drop(account: AccountName): Promise<void> {
    const old = await this.of(account)
    if (old === undefined) return
    await this.#save(account, { leading: await this.#leadingAway(account, old), value: undefined })
  }

  /** What takes away what leads from its address, where it has one, to the account now. */
  async #leadingAway(
    account: AccountName,
    old: MailRow | undefined,
  ): Promise<Map<string, Buffer | undefined>> {
    const leads = old !== undefined && (await this.accountOf(old.address))?.name === account
    return new Map(leads ? [[this.#key(old.address), undefined]] : [])
  }

  #save(
    account: AccountName,
    { leading, value }: { readonly leading: ShelfChanges; readonly value: Buffer | undefined },
  ): Promise<void> {
    const own = new Map([[row, value]])
    return this.#parts.shelves.saveAll(
      new Map<string, ShelfChanges>([
        [everybody, leading],
        [accountShelf(account), own],
      ]),
    )
  }

  #key(address: string): string {
    const digest = createHmac('sha256', this.#parts.secret).update('address\0').update(folded(address))
    return prefix + digest.digest('base64url')
  }
}

/** Unlike RFC 5321 2.4: no mail server of today tells local parts apart by their case. */
const folded = (address: string): string => address.toLowerCase()
const same = (one: string, other: string): boolean => folded(one) === folded(other)
