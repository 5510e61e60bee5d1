/** Nodes that send letters, and what stands in them. */
import { FormBrowser } from './form-browser.ts'
import type { MailSink, Received } from './mail-sink.ts'
import { RunningSite } from './running-site.ts'

export const browserOf = (site: RunningSite) => new FormBrowser(() => new URL(site.web).host)

/** A node with a web reader that hands its mail to the sink. `web` is TOML in its section `[web]`. */
export async function siteWithMail(sink: MailSink, web = ''): Promise<RunningSite> {
  const more = `
[mail]
smtp = "${await sink.listen()}"
from = "news@site.example"
[web]
title = "Our news"
base_url = "http://127.0.0.1:8119/"
${web}
`
  return RunningSite.start('site.example', more, { web: true })
}

/** Path and query of the link in a letter, as its reader sees it. */
export function linkIn({ octets }: Received): string {
  const text = octets.toString().replace(/=\r\n/g, '').replaceAll('=3D', '=')
  const [, path = ''] = /http:\/\/127\.0\.0\.1:8119(\/\S+)/.exec(text) ?? []
  return path
}

/** Registers by a letter, the `count`th of the sink, and is signed in. */
export async function registered(
  site: RunningSite,
  {
    sink,
    count,
    typed,
  }: { readonly sink: MailSink; readonly count: number; readonly typed: Readonly<Record<string, string>> },
): Promise<FormBrowser> {
  const browser = browserOf(site)
  await browser.submit('/register', typed)
  await browser.submit(linkIn(await sink.mail(count)), {})
  return browser
}
