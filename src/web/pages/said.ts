/** A page that says something and nothing else. */
import type { Answer, Saying, Site, Visit } from '../site.ts'

export function saidPage(site: Site, visit: Visit, { heading, text }: Saying): Answer {
  const frame = site.frame(visit, heading, '')
  return {
    kind: 'page',
    html: () =>
      site.render('trouble', { frame, heading, text, find: false, link: { text: '', to: '' } }, visit.words),
  }
}
