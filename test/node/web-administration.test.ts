import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { FakeProcess } from '../cli/fake-process.ts'
import { FormBrowser } from '../support/form-browser.ts'
import { RunningSite } from '../support/running-site.ts'

const token = (html: string) => /name="token" value="([^"]+)"/.exec(html)?.[1] ?? ''

async function signedIn(site: RunningSite, name: string, role: string): Promise<FormBrowser> {
  const input = 'correct horse battery\n'
  await site.run(['user', 'add', name, '--role', role, '--password-stdin'], new FakeProcess({ input }))
  const browser = new FormBrowser(() => site.web.replace('http://', ''))
  const reply = await browser.submit('/login', { name, password: input.trim() })
  expect(reply.status).to.equal(303)
  return browser
}

describe('web: administration of a whole node', () => {
  const rules = `[[access]]
read = "*"
post = "*"
hold = "local.test"
`
  it('does what the control socket does, and is on record', async () => {
    await using site = await RunningSite.start('desk.example', rules, { web: true })
    const admin = await signedIn(site, 'ann', 'admin')
    const send = async (path: string, fields: Readonly<Record<string, string>>) => {
      const form = { token: token((await admin.ask(path)).text), ...fields }
      const reply = await admin.ask(path, { form })
      return [reply.status, /<div class="alert"[^>]*><p>([^<]*)/.exec(reply.text)?.[1] ?? '']
    }
    const add = { do: 'add', group: 'local.desk', status: 'y', description: 'Of the desk' }
    expect(await send('/admin/groups/', add)).to.deep.equal([303, ''])
    expect(await send('/admin/groups/', add)).to.deep.equal([422, 'local.desk exists already'])
    expect((await site.json('group', 'list', 'local.desk'))[0]).to.include({ description: 'Of the desk' })
    expect(await send('/admin/peers/', { stop: 'nobody' })).to.satisfy(([status]: [number]) => status === 422)

    const ben = await signedIn(site, 'ben', 'reader')
    expect(await send('/admin/accounts/', { disable: 'ben' })).to.deep.equal([303, ''])
    expect((await ben.ask('/')).text).to.not.contain('>ben</a>')

    const client = await site.connect()
    client.send('POST\r\n')
    await client.line()
    client.send(
      'From: a@example.org\r\nNewsgroups: local.test\r\nSubject: Held\r\nMessage-ID: <held@x.test>\r\n\r\nHi.\r\n.\r\n',
    )
    expect(await client.line()).to.match(/^240/)
    const page = await admin.ask('/moderate')
    expect(page.text).to.contain('Held').and.contain('&lt;held@x.test&gt;')
    expect(await send('/moderate', { id: '<held@x.test>', do: 'release' })).to.deep.equal([303, ''])
    expect((await admin.ask('/m/held@x.test/')).status).to.equal(200)
    expect((await admin.ask('/admin/')).text).to.contain('desk.example')
    await site.end()

    const log = readFileSync(join(site.folder, 'data', 'audit', 'audit.log'), 'utf8')
    const acts = log
      .trim()
      .split('\n')
      .map(line => JSON.parse(line))
      .filter(({ event, account }) => event === 'admin' && account === 'ann')
    expect(acts.map(({ cmd, result }) => `${cmd} ${result}`)).to.deep.equal([
      'group.add done',
      'group.add refused',
      'peer.stop refused',
      'user.set done',
      'moderate.release done',
    ])
  })
})
