/** `/drafts`: texts that are not posted yet; `/post/draft`, which the script saves them by while somebody writes. */
import { visibleLine } from '../../article-text/visible.ts'
import { draftAddress, draftsAddress, twinAddress } from '../addresses.ts'
import { type Draft, draftsOf, removeDraft, saveDraft } from '../posting/drafts.ts'
import { accountOf, isKey, readForm } from '../posting/typed.ts'
import type { DraftLine } from '../render.ts'
import { type Answer, type Site, trouble, type Visit } from '../site.ts'

const full = trouble(409, words => words.drafts.full)
const tooLarge = trouble(413, words => words.drafts.large)
const otherPerson = trouble(403, words => words.trouble.oldForm)

export async function draftsPage(site: Site, visit: Visit): Promise<Answer> {
  const { words } = visit
  const now = site.clock.now() / 1000
  const kept = await draftsOf(site, accountOf(visit))
  const drafts = kept.map((draft): DraftLine => lineOf(draft, now, visit))
  return {
    kind: 'page',
    keepsCookie: true,
    html: () =>
      site.render(
        'drafts',
        {
          frame: site.frame(visit, words.drafts.heading, twinAddress(draftsAddress)),
          token: site.tokens.of(visit.cookie),
          drafts,
        },
        words,
      ),
    data: {
      drafts: kept.map(({ typed: { subject, newsgroups, draft }, saved }) => ({
        subject,
        newsgroups,
        saved: new Date(saved * 1000).toISOString(),
        address: draftAddress(draft),
      })),
    },
  }
}

function lineOf({ typed, saved }: Draft, now: number, { words }: Visit): DraftLine {
  return {
    text: visibleLine(typed.subject) || words.drafts.untitled,
    to: draftAddress(typed.draft),
    groups: visibleLine(typed.newsgroups),
    saved: words.ago(now - saved),
    key: typed.draft,
  }
}

export async function deleteDraft(site: Site, visit: Visit): Promise<Answer> {
  const key = visit.form.get('draft') ?? ''
  if (isKey(key)) await removeDraft(site, accountOf(visit), key)
  return { kind: 'redirect', status: 303, to: draftsAddress }
}

/** Saved is led to the draft, whoever asks; the script looks no further. */
export async function keepDraft(site: Site, visit: Visit): Promise<Answer> {
  const typed = readForm(site, visit.form)
  const account = accountOf(visit)
  // No leading to where one signs in: to the script that would look like a draft.
  if (account === '' || typed.account !== account) return otherPerson
  const saving = await saveDraft(site, account, typed)
  if (saving === 'full') return full
  if (saving === 'large') return tooLarge
  return { kind: 'redirect', status: 303, to: draftAddress(typed.draft) }
}
