import { expect } from 'chai'
import { hostileTexts } from '../support/hostile-texts.ts'
import { auditPage } from '../support/page-audit.ts'
import { articleText, WebFixture } from '../support/web-fixture.ts'

/** What may stand in a header line of an article at all. */
const line = (text: string) => text.replace(/[\0\r\n]+/g, '').slice(0, 900)
/** What may stand in a message-ID, a token, a quoted string. */
const packed = (text: string) => text.replace(/[^\x21-\x7e]|[,<>]/g, '').slice(0, 100) || 'x'
const quotable = (text: string) => line(text).replace(/["\\]/g, '')

function headersWith(text: string): Record<string, string> {
  const value = line(text)
  return {
    From: `${value} <a@x.test>`,
    Subject: value,
    Newsgroups: `local.test,local.${packed(text)}`,
    'Followup-To': packed(text),
    Date: value,
    Organization: `=?${packed(text)}?Q?${value}?=`,
    Keywords: `=?utf-8?B?${Buffer.from(text).toString('base64').slice(0, 700)}?=`,
    Summary: `=?utf-7?Q?${value}?=`,
    'Reply-To': value,
    References: `<${packed(text)}@y.test> <${packed(text)}>`,
    'X-Any': value,
  }
}

function part(type: string, content: string, more = ''): string {
  return `--b\nContent-Type: ${type}\n${more}\n${content}\n`
}

/** Every form of body at once: all its texts are shown one behind the other. */
function bodyWith(text: string): string {
  const quoted = `> ${text}\n`.repeat(16)
  const base64 = Buffer.from(text).toString('base64')
  const name = quotable(text)
  return [
    `preamble ${text}\n`,
    part(
      'text/plain; charset=utf-8',
      `x wrote ${text}:\n${quoted}${text}\n>> ${text}\n*${text}* _${text}_ /${text}/`,
    ),
    part(`text/plain; charset="${name}"`, `${text}\n\f\n${text}`),
    part('text/plain; charset=utf-7', text),
    part('text/plain; charset=utf-16le', text),
    part('text/plain; charset=iso-2022-jp', text),
    part('text/plain; format=flowed; delsp=yes', `${text} \n${text}\n> ${text} \n>> ${text}`),
    part('text/plain', base64, 'Content-Transfer-Encoding: base64\n'),
    part(
      'text/plain',
      text.replace(/./gs, c => `=${c.charCodeAt(0).toString(16).padStart(2, '0').slice(-2)}`),
      'Content-Transfer-Encoding: quoted-printable\n',
    ),
    part(
      'text/plain',
      `http://a.test/${text} news:${text} mailto:${text} <${text}12345@x> javascript:${text}`,
    ),
    part(
      'text/plain',
      `begin 644 ${line(text)}\n#04%!\n\`\nend\n=ybegin line=128 size=1 name=${line(text)}\nk\n=yend size=1`,
    ),
    part(`image/svg+xml; name="${name}"`, text),
    part(
      `${packed(text)}/${packed(text)}; name*=${packed(text)}`,
      text,
      `Content-Disposition: attachment; filename="${name}"\n`,
    ),
    part(`multipart/mixed; boundary="${name}"`, `--${name}\n\n${text}\n--${name}--`),
    part('text/plain', `${text}\n-- \n${text}`),
    '--b--\n',
  ].join('')
}

describe('web: hostile articles of every form', () => {
  let web: WebFixture
  const ids: string[] = []

  before(async () => {
    web = new WebFixture()
    web.reading.addGroup('local.test')
    for (const [at, text] of hostileTexts.entries()) {
      const headers = headersWith(text)
      const mixed = { ...headers, 'Content-Type': `multipart/mixed; boundary=b; x="${quotable(text)}"` }
      const html = { ...headers, 'Content-Type': `text/html; charset="${quotable(text)}"` }
      web.reading.add(articleText(`mixed${at}-${packed(text)}@x.test`, mixed, bodyWith(text)))
      ids.push(`mixed${at}-${packed(text)}@x.test`)
      if (at % 3 > 0) continue
      web.reading.add(articleText(`html${at}@x.test`, html, `<p>${text}<script>${text}</script>${text}`))
      ids.push(`html${at}@x.test`)
    }
    await web.start()
  })
  after(() => web.close())

  async function audit(path: string): Promise<string> {
    const { status, text } = await web.ask(path)
    const { faults, elements } = auditPage(text)
    expect(faults, path).to.deep.equal([])
    expect([status, elements > 10], path).to.deep.equal([200, true])
    return text
  }

  it('are some', () => expect(ids.length).to.be.greaterThan(500))

  it('become pages of our elements only, from which nothing runs', async () => {
    for (const id of ids) await audit(`/m/${encodeURIComponent(id)}/`)
    expect(web.errors).to.deep.equal([])
  }).timeout(60_000)

  it('so do all their headers, ROT13, and the lists they stand in', async () => {
    for (const id of ids.filter((_, at) => at % 4 === 0))
      await audit(`/m/${encodeURIComponent(id)}/?headers=all&rot13=1`)
    for (const id of ids.filter((_, at) => at % 40 === 0))
      for (const whole of ['t', 'T']) await audit(`/m/${encodeURIComponent(id)}/${whole}/`)
    for (let at = 50; at <= ids.length; at += 100)
      for (const view of ['threads', 'tree', 'flat']) await audit(`/g/local.test/?view=${view}&before=${at}`)
    expect(web.errors).to.deep.equal([])
  }).timeout(60_000)

  it('give files that a browser saves, whatever they are called', async () => {
    let files = 0
    for (const id of ids.filter((_, at) => at % 10 === 0)) {
      const { text } = await web.ask(`/m/${encodeURIComponent(id)}/index.json`)
      for (const { address } of JSON.parse(text).files) {
        const { status, headers } = await web.ask(address)
        const disposition = String(headers['content-disposition'])
        files++
        expect(status, address).to.equal(200)
        expect(headers['content-type'], address).to.match(/^(?:text\/plain|application\/octet-stream)$/)
        expect(headers['content-security-policy'], address).to.match(/^default-src 'none'; sandbox;/)
        expect(headers['x-content-type-options'], address).to.equal('nosniff')
        expect(disposition, address).to.match(
          /^attachment; filename="[^"\\%\0-\x1f\x7f-\uffff]*"; filename\*=UTF-8''(?:[\w.~!$&+^`|-]|%[0-9A-F]{2})*$/,
        )
      }
    }
    expect(files).to.be.greaterThan(100)
  }).timeout(60_000)

  it('the auditor sees what it is there to see', () => {
    const whole = '<html lang="en" dir="ltr" data-theme="system" data-keys="on">'
    const page = (inner: string) =>
      `<!doctype html>${whole}<body><main id="content" tabindex="-1">${inner}</main></body></html>`
    expect(auditPage(page('<p class="notice">fine</p>')).faults).to.deep.equal([])
    const bad = [
      '<script>1</script>',
      '<p class="notice" onclick="x">1</p>',
      '<p class="notice"><b>x</b></p>',
      '<a href="javascript:alert(1)">x</a>',
      '<a href="//evil.example">x</a>',
      '<!-- x -->',
      '<p>\u202e</p>',
    ]
    for (const inner of bad) expect(auditPage(page(inner)).faults, inner).not.to.deep.equal([])
  })
})
