/** A page that says something and nothing else. */
import type { Answer, Saying, Site, Status, Visit } from '../site.ts'

export function saidPage(
  site: Site,
  visit: Visit,
  { heading, text, status = 200 }: Saying & { readonly status?: Status },
): Answer {
  const frame = site.frame(visit, heading, '')
  return {
    kind: 'page',
    status,
    html: () =>
      site.render('trouble', { frame, heading, text, find: false, link: { text: '', to: '' } }, visit.words),
  }
}
