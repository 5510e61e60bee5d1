import { expect } from 'chai'
import type { MessageId } from '../../../src/message-id.ts'
import { MailAdministration } from '../../../src/server/control/mail-administration.ts'

describe('mails that wait, for administrators', () => {
  const message = Buffer.from('Subject: s\r\n\r\nx\r\n')
  const mail = { to: 'a@b.example', subject: 's', messageId: '<1@b.example>' as MessageId, message, time: 1 }
  const mails = [
    { ...mail, id: 1 },
    { ...mail, id: 2, letter: true },
  ]
  const mailer = {
    sends: false,
    waiting: async () => [],
    find: async (id: number) => mails.find(it => it.id === id),
    retry: () => {},
    drop: async () => {},
  }
  const control = new MailAdministration({ node: { mailer } })

  it('shows a submission, and no letter: whoever has its links is its reader', async () => {
    expect(await control.show(1)).to.deep.equal(message)
    for (const [id, why] of [
      [2, 'for its reader alone'],
      [3, 'no mail 3 waits'],
    ] as const) {
      const error = await control.show(id).catch((reason: unknown) => reason)
      expect(error).to.include({ code: 'refused' })
      expect(String(error)).to.contain(why)
    }
  })
})
