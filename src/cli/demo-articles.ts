/** What the nodes of `tidings demo` hold: groups, and a few articles with threads. */

export const demoGroups = [
  { name: 'demo.general', description: 'Anything about this demonstration' },
  { name: 'demo.recipes', description: 'Things to eat; goes to one of the nodes by a detour' },
  { name: 'demo.test', description: 'Post here and see it arrive elsewhere' },
] as const

export interface DemoArticle {
  readonly id: string
  /** Which node it is posted on, from 0. */
  readonly site: number
  readonly from: string
  readonly group: string
  readonly subject: string
  readonly answers?: string
  readonly text: string
}

/** Their threads; an answer comes behind what it answers. */
export const demoArticles: readonly DemoArticle[] = [
  {
    id: '<welcome@demo.example>',
    site: 0,
    from: 'Ada <ada@demo.example>',
    group: 'demo.general',
    subject: 'Welcome',
    text: `This article was posted on one node. You can read it on all three: it flooded.

Each node offers what it gets to its peers, and takes from them what it has not
seen. Nobody is in charge, and any of them may be away for a while.`,
  },
  {
    id: '<welcome-re1@demo.example>',
    site: 1,
    from: 'Bo <bo@demo.example>',
    group: 'demo.general',
    subject: 'Re: Welcome',
    answers: '<welcome@demo.example>',
    text: `> Each node offers what it gets to its peers

And each writes its name into the Path header, so that nobody is offered what
has been there already. Look at the Path of this article on each node.`,
  },
  {
    id: '<welcome-re2@demo.example>',
    site: 2,
    from: 'Cleo <cleo@demo.example>',
    group: 'demo.general',
    subject: 'Re: Welcome',
    answers: '<welcome-re1@demo.example>',
    text: `> so that nobody is offered what has been there already

And where two ways are open at once, the second offer is answered "438, I have
it": that is history. Between Path and history each article is sent once to
each node.`,
  },
  {
    id: '<bread@demo.example>',
    site: 0,
    from: 'Ada <ada@demo.example>',
    group: 'demo.recipes',
    subject: 'Bread without kneading',
    text: `400 g flour, 300 g water, 8 g salt, a pinch of yeast. Stir, wait a night,
fold twice, bake hot in a closed pot.`,
  },
  {
    id: '<bread-re1@demo.example>',
    site: 2,
    from: 'Cleo <cleo@demo.example>',
    group: 'demo.recipes',
    subject: 'Re: Bread without kneading',
    answers: '<bread@demo.example>',
    text: `> wait a night

In summer half a night will do.`,
  },
  {
    id: '<test@demo.example>',
    site: 1,
    from: 'Bo <bo@demo.example>',
    group: 'demo.test',
    subject: 'A test',
    text: 'One, two, three.',
  },
]

/** As `tidings post` takes it. */
export function demoText({ id, from, group, subject, answers, text }: DemoArticle): string {
  const references = answers === undefined ? '' : `References: ${answers}\n`
  return `From: ${from}\nNewsgroups: ${group}\nSubject: ${subject}\nMessage-ID: ${id}\n${references}\n${text}\n`
}
