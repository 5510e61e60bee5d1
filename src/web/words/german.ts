/** German. */
import { countingIn } from './counting.ts'
import type { Words } from './english.ts'
import { account } from './german/account.ts'
import { admin } from './german/admin.ts'
import { article } from './german/article.ts'
import { cancel } from './german/cancel.ts'
import { drafts } from './german/drafts.ts'
import { first } from './german/first.ts'
import { groups } from './german/groups.ts'
import { invites } from './german/invites.ts'
import { keys } from './german/keys.ts'
import { letters } from './german/letters.ts'
import { lint } from './german/lint.ts'
import { login } from './german/login.ts'
import { moderate } from './german/moderate.ts'
import { page } from './german/page.ts'
import { post } from './german/post.ts'
import { problems } from './german/problems.ts'
import { reading } from './german/reading.ts'
import { refusals } from './german/refusals.ts'
import { register } from './german/register.ts'
import { reset } from './german/reset.ts'
import { scores } from './german/scores.ts'
import { search } from './german/search.ts'
import { settings } from './german/settings.ts'
import { stats } from './german/stats.ts'
import { subscriptions } from './german/subscriptions.ts'
import { threads } from './german/threads.ts'
import { trouble } from './german/trouble.ts'
import { warnings } from './german/warnings.ts'

const { counted, ...counting } = countingIn('de-DE', { justNow: 'gerade eben' })

export const german: Words = {
  language: 'de',
  direction: 'ltr',
  name: 'Deutsch',
  ...counting,
  articles: counted({ one: 'Artikel', other: 'Artikel' }),
  threadCount: counted({ one: 'Thema', other: 'Themen' }),
  groupCount: counted({ one: 'Gruppe', other: 'Gruppen' }),
  unread: count => `${counting.number(count)} neu`,
  lines: counted({ one: 'Zeile', other: 'Zeilen' }),
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
