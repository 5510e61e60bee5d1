/** A page that says something and nothing else. */
import type { Link } from '../render.ts'
import type { Answer, Saying, Site, Status, Visit } from '../site.ts'

export interface Said extends Omit<Saying, 'link'> {
  readonly status?: Status
  readonly links?: readonly Link[]
}

export function saidPage(
  site: Site,
  visit: Visit,
  { heading, text, status = 200, links = [] }: Said,
): Answer {
  const frame = site.frame(visit, heading, '')
  return {
    kind: 'page',
    status,
    html: () => site.render('trouble', { frame, heading, text, find: false, links }, visit.words),
  }
}
