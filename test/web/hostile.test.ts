import { expect } from 'chai'
import { elements } from '../support/markup.ts'
import { articleText, goodForm, WebFixture } from '../support/web-fixture.ts'

const payloads = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '" onmouseover="alert(1)',
  "' onmouseover='alert(1)",
  '"><svg/onload=alert(1)>',
  'javascript:alert(1)',
  '</title><script>alert(1)</script>',
  '</textarea><script>alert(1)</script>',
  '</pre></article><iframe src="//evil.example"></iframe>',
  '<!-- --><![CDATA[<b>]]>',
  '&lt;script&gt;&#60;b&#62;&quot;',
  '{{{this}}} {{#each x}} `x`',
  '\u202e<b>\u200b\0\x1b[31m',
  '=?utf-8?B?PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==?=',
  '=?x"><script>?Q?=3Cscript=3E?=',
  '__proto__',
  'constructor',
  'toString',
] as const

/** What may stand in a message-ID. */
const packed = (payload: string) => payload.replace(/[^\x21-\x7e]|[,<>]/g, '') || 'x'

async function pagesWith(payload: string): Promise<{ path: string; html: string }[]> {
  await using web = new WebFixture()
  const group = `local.${payload.replace(/[\s,.\0\x1b]/g, '')}`
  web.reading.addGroup(group, { description: payload, status: `=${payload}` })
  web.reading.addGroup('local.test', { description: payload, status: `=${payload}` })
  const line = payload.replace(/\0/g, '')
  const id = `${packed(payload)}@x.test`
  const headers = {
    From: `${line} <a@x.test>`,
    Subject: line,
    Newsgroups: `${group},local.test`,
    'Followup-To': `${group}`,
    Date: line,
    Organization: line,
    Keywords: line,
    'Reply-To': line,
    References: `<${packed(payload)}@y.test>`,
    'Content-Type': `multipart/mixed; boundary="b"; charset=${packed(payload)}`,
  }
  const parts = [
    `--b\nContent-Type: text/plain; charset="${line}"\n\n> ${line}\n${line}\n-- \n${line}\n`,
    `--b\nContent-Type: image/gif; name="${line.replace(/"/g, '')}"\n\n${line}\n--b--\n`,
  ]
  web.reading.add(articleText(id, headers, parts.join('')))
  web.reading.add(articleText(`2-${id}`, { ...headers, References: `<${id}>` }, parts.join('')))
  await web.start()
  const quoted = encodeURIComponent(id)
  const asked = encodeURIComponent(payload)
  const paths = [
    '/',
    `/h/local/`,
    `/h/${encodeURIComponent(group)}/`,
    `/g/${encodeURIComponent(group)}/`,
    `/g/local.test/?view=tree`,
    `/g/local.test/?view=flat`,
    `/g/${encodeURIComponent(group)}/unread/`,
    `/next?after=${asked}&group=${asked}`,
    '/subscriptions/',
    `/m/${quoted}/`,
    `/m/${quoted}/t/`,
    `/m/${quoted}/T/`,
    `/post?inreplyto=${encodeURIComponent(`<${id}>`)}`,
    `/post?group=${asked}`,
    `/m/${asked}/`,
    `/g/${asked}/`,
    `/${asked}`,
  ]
  const pages: { path: string; html: string }[] = []
  for (const path of paths) pages.push({ path, html: (await web.ask(path)).text })
  const typed = { name: payload, address: payload, newsgroups: payload, subject: payload, body: payload }
  pages.push({ path: 'refused', html: (await web.postForm({ ...goodForm, ...typed })).text })
  expect(web.errors).to.deep.equal([])
  return pages
}

describe('web: hostile articles', () => {
  it('has on every page the elements of a harmless article and no other', async () => {
    const harmless = await pagesWith('word')
    const shapes = harmless.map(page => elements(page.html).map(element => element.shape))
    expect(shapes.flat().join(' ')).to.contain('pre class').and.contain('textarea')
    for (const payload of payloads) {
      const pages = await pagesWith(payload)
      for (const [at, page] of pages.entries()) {
        const found = elements(page.html)
        const label = `${payload} in ${harmless[at]?.path}`
        const names = found.map(element => element.shape)
        // Which fields are wrong depends on what was typed.
        if (page.path === 'refused') expect(shapes[at], label).to.include.members(names)
        else expect(names, label).to.deep.equal(shapes[at])
        for (const { attributes } of found) {
          const target = attributes.get('href') ?? attributes.get('action') ?? '/'
          expect(target, label).to.match(/^(\/(?!\/)|#[a-z]+$)/)
        }
      }
    }
  }).timeout(20_000)

  it('shows control and bidi characters instead of obeying them', async () => {
    for (const { html } of await pagesWith('\u202e<b>\u200b\0\x1b[31m')) {
      // What stands in a form is what will be posted, so that stays as it is.
      const shown = html.replace(/<textarea[\s\S]*<\/textarea>| value="[^"]*"/g, '')
      expect(shown).not.to.match(/[\0-\x08\x0b-\x1f\x7f-\x9f\u200b\u202e]/)
    }
  })

  it('leaves no trace on Object.prototype', async () => {
    await pagesWith('__proto__')
    expect(Object.keys(Object.prototype)).to.deep.equal([])
  })
})
