/** Why the server does not take an article, for the reasons that who posts with a form can meet; `about` is what for. */
import type { ReasonName } from '../../../reason.ts'

type Refusal = string | ((about: string) => string)

export const refusals = {
  'article-too-large': 'The article is larger than this server takes. Shorten the text.',
  'header-too-large': 'Subject, newsgroups and references together are too long.',
  'line-too-long': 'Subject, name or newsgroups are too long.',
  'bad-from': 'The server does not take this name and address. Give the address as name@example.org.',
  'bad-newsgroups': (about: string) => `This is no newsgroup that an article can go to: ${about}.`,
  'bad-followup-to': 'The server does not take these newsgroups for follow-ups.',
  duplicate: 'The server has an article with this Message-ID, which is another one. Post again.',
  'too-many-groups': 'The article names too many newsgroups.',
  'private-crosspost': (about: string) =>
    `${about} stays on this server: an article to it can go to no other newsgroup.`,
  'no-valid-newsgroup': (about: string) => `This server has none of these newsgroups: ${about}.`,
  'posting-forbidden': (about: string) => `You may not post to ${about}.`,
  'group-closed': (about: string) => `Nobody can post to ${about} here.`,
  'group-renamed': (about: string) => `The newsgroup has another name now: ${about}.`,
  'no-moderator': (about: string) =>
    `${about} is moderated, and this server does not know by whom. The administrator can tell it.`,
  'newsgroup-full': 'The newsgroup has no numbers left for articles. The administrator can help.',
  'control-forbidden': 'You may not post control messages.',
  'not-author': 'It is not known to be your article, so you cannot change or delete it.',
  'bad-target': 'It cannot be told which article is to be changed or deleted.',
  cancelled: 'The article was deleted before the server took it.',
  'approved-forbidden': 'You may not approve articles.',
  'too-fast': 'You have posted much in a short time. Your text is kept: wait a while.',
  'too-many-held': 'Too many articles wait for an administrator. Your text is kept: try again later.',
  busy: 'The server is busy. Your text is kept: try again in a moment.',
  'no-space': 'The server has no room for articles now. Your text is kept: try again later.',
  paused: 'The server takes no articles now. Your text is kept: try again later.',
  fault: 'Something failed in the server, and its administrator finds it in the log. Your text is kept.',
} satisfies Partial<Record<ReasonName, Refusal>>
