/** What the control socket may ask about mails that wait, done over the mailer. */
import type { Node } from '../../feed/node.ts'
import { type MailControl, type MailRow, mostMails } from './mail-control.ts'
import { ControlFault } from './node-control.ts'

/** Characters that are shown in a list. */
const longestText = 200

export class MailAdministration implements MailControl {
  readonly #mailer: Node['mailer']

  constructor({ node }: { readonly node: Pick<Node, 'mailer'> }) {
    this.#mailer = node.mailer
  }

  async list(): Promise<readonly MailRow[]> {
    const mails = await this.#mailer.waiting(mostMails)
    return mails.map(({ id, to, subject, messageId, letter = false, time, octets, tries, ...state }) => {
      const { lastError, retryIn } = state
      const row = { id, to, messageId, letter, time, octets, tries, lastError }
      const shown = { ...row, subject: subject.slice(0, longestText) }
      return retryIn === undefined ? shown : { ...shown, retryIn: Math.ceil(retryIn / 1000) }
    })
  }

  async show(id: number): Promise<Buffer> {
    const mail = await this.#mailer.find(id)
    if (mail === undefined) throw notThere(id)
    if (mail.letter === true)
      throw new ControlFault('refused', `mail ${id} is a letter: what it says is for its reader alone`)
    return mail.message
  }

  async retry(id?: number): Promise<void> {
    if (!this.#mailer.sends)
      throw new ControlFault('refused', 'there is no mail server: set mail.smtp and start the node again')
    if (id !== undefined) await this.#known(id)
    this.#mailer.retry(id)
  }

  async drop(id: number): Promise<void> {
    await this.#known(id)
    await this.#mailer.drop(id)
  }

  async #known(id: number): Promise<void> {
    const mails = await this.#mailer.waiting(mostMails)
    if (!mails.some(mail => mail.id === id)) throw notThere(id)
  }
}

const notThere = (id: number) => new ControlFault('refused', `no mail ${id} waits`)
