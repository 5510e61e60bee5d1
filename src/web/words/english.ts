/** English: a file for each part of the reader, which other languages follow. */
import { countingIn } from './counting.ts'
import { account } from './english/account.ts'
import { admin } from './english/admin.ts'
import { article } from './english/article.ts'
import { cancel } from './english/cancel.ts'
import { drafts } from './english/drafts.ts'
import { first } from './english/first.ts'
import { groups } from './english/groups.ts'
import { invites } from './english/invites.ts'
import { keys } from './english/keys.ts'
import { letters } from './english/letters.ts'
import { lint } from './english/lint.ts'
import { login } from './english/login.ts'
import { moderate } from './english/moderate.ts'
import { page } from './english/page.ts'
import { post } from './english/post.ts'
import { problems } from './english/problems.ts'
import { reading } from './english/reading.ts'
import { refusals } from './english/refusals.ts'
import { register } from './english/register.ts'
import { reset } from './english/reset.ts'
import { scores } from './english/scores.ts'
import { search } from './english/search.ts'
import { settings } from './english/settings.ts'
import { stats } from './english/stats.ts'
import { subscriptions } from './english/subscriptions.ts'
import { threads } from './english/threads.ts'
import { trouble } from './english/trouble.ts'
import { warnings } from './english/warnings.ts'

const { counted, ...counting } = countingIn('en-GB', { justNow: 'just now' })

export const english = {
  /** BCP 47. */
  language: 'en',
  /** Which way its lines run. */
  direction: 'ltr',
  /** As its speakers call it. */
  name: 'English',
  ...counting,
  articles: counted({ one: 'article', other: 'articles' }),
  threadCount: counted({ one: 'thread', other: 'threads' }),
  groupCount: counted({ one: 'group', other: 'groups' }),
  unread: (count: number) => `${counting.number(count)} new`,
  lines: counted({ one: 'line', other: 'lines' }),
  page,
  keys,
  groups,
  reading,
  subscriptions,
  scores,
  article,
  cancel,
  drafts,
  lint,
  post,
  problems,
  refusals,
  login,
  account,
  invites,
  reset,
  register,
  letters,
  first,
  settings,
  threads,
  search,
  stats,
  admin,
  moderate,
  trouble,
  warnings,
}

/** What every language has to say. */
export type Words = typeof english
