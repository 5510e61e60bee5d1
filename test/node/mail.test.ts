import { expect } from 'chai'
import { FakeProcess } from '../cli/fake-process.ts'
import { MailSink } from '../support/mail-sink.ts'
import { RunningSite, until } from '../support/running-site.ts'

const moderated = `[[group]]
name = "local.moderated"
status = "m"
[[moderator]]
groups = "local.moderated"
address = "moderator@example.org"
`

describe('mails that wait, on a whole node', function () {
  this.timeout(60_000)

  it('are kept without a mail server, told, dropped, and sent once there is one', async () => {
    await using sink = new MailSink()
    await using site = await RunningSite.start('waits.example', moderated)
    for (const at of [1, 2])
      await site.post(`<${at}@waits.example>`, { Newsgroups: 'local.moderated', Subject: `Number ${at}` })
    const [one, two, ...more] = await site.json('mail', 'list')
    expect(more).to.deep.equal([])
    expect(one)
      .to.include({ to: 'moderator@example.org', messageId: '<1@waits.example>', tries: 0, lastError: '' })
      .and.not.have.property('retryIn')
    expect(one.octets).to.be.greaterThan(100)
    expect(two.subject).to.contain('Number 2')
    const { warnings } = await site.json('status')
    expect(warnings.join()).to.match(/mail waits since \d{4}-\d\d-\d\d, for there is no mail server/)
    const retried = await site.run(['mail', 'retry'])
    expect([retried.code, retried.err.includes('set mail.smtp')]).to.deep.equal([1, true])
    expect((await site.run(['mail', 'drop', String(one.id)])).code).to.equal(0)
    expect(await site.run(['mail', 'drop', String(one.id)])).to.include({
      code: 1,
      err: `tidings: no mail ${one.id} waits\n`,
    })

    await site.end()
    site.write(`${moderated}[mail]\nsmtp = "smtp://127.0.0.1:9"\nfrom = "news@waits.example"\n`)
    await site.begin()
    await until('it was tried', async () => (await site.json('mail', 'list'))[0].tries === 1)
    const [failed, ...others] = await site.json('mail', 'list')
    expect(others).to.deep.equal([])
    expect(failed).to.include({ id: two.id, messageId: '<2@waits.example>' })
    expect(failed.lastError).to.contain('ECONNREFUSED')
    expect(failed.retryIn).to.be.at.most(30)
    expect((await site.run(['mail', 'retry', String(two.id)])).code).to.equal(0)
    await until('it was tried again', async () => (await site.json('mail', 'list'))[0].tries === 2)

    await site.end()
    site.write(`${moderated}[mail]\nsmtp = "${await sink.listen()}"\nfrom = "news@waits.example"\n`)
    await site.begin()
    expect((await sink.mail(1)).octets.toString()).to.contain('<2@waits.example>')
    await until('it is gone', async () => (await site.json('mail', 'list')).length === 0)
    expect((await site.json('status')).warnings.join()).not.to.contain('mail')
  })

  // RFC 5537 3.9: whoever moderates adds Approved and posts the article himself.
  it('can be approved and posted without a mail server', async () => {
    await using site = await RunningSite.start('waits.example', moderated)
    await site.post('<1@waits.example>', { Newsgroups: 'local.moderated', Subject: 'Number 1' })
    const [{ id }] = await site.json('mail', 'list')
    const shown = await site.run(['mail', 'show', String(id)])
    expect([shown.code, shown.out.includes('Subject: Number 1')]).to.deep.equal([0, true])
    const input = `Approved: moderator@example.org\r\n${shown.out}`
    const posted = await site.run(['post'], new FakeProcess({ input }))
    expect(posted.out, posted.err).to.equal('posted <1@waits.example> to local.moderated:1\n')
    expect((await site.run(['mail', 'drop', String(id)])).code).to.equal(0)
  })
})
