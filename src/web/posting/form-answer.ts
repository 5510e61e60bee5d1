/** A form that was sent: posted, shown as it would be read, kept as a draft, or mended. RFC 5537 3.4 */

import { isSettled } from '../composing/attempt.ts'
import { type Built, buildArticle } from '../composing/compose.ts'
import type { Problem } from '../composing/problem.ts'
import type { Answer, Site, Visit } from '../site.ts'
import { addresseeProblems, addresseesOf } from './addressees.ts'
import { keepAuthor } from './author.ts'
import { removeDraft, saveDraft } from './drafts.ts'
import { formPage } from './form-page.ts'
import { previewOf } from './preview.ts'
import { mended, remarksFor, unseen, withSeen, writingOf } from './remarks.ts'
import { composed, submit } from './submit.ts'
import { accountOf, type Typed } from './typed.ts'
import { attemptAnswer } from './verdict.ts'

/** By the name of its button; Enter in a field posts. */
export async function formAnswer(site: Site, visit: Visit, typed: Typed): Promise<Answer> {
  const [verb, remark = ''] = (visit.form.get('do') ?? '').split(' ')
  switch (verb) {
    case 'preview':
      return await preview(site, visit, typed)
    case 'save':
      return await formPage(site, visit, { typed, notes: await keep(site, visit, typed) })
    case 'mend':
      return await mendForm(site, visit, { typed, remark })
    default:
      return await post(site, visit, typed)
  }
}

/** Of every field, and of the groups where they are names at all. */
async function problemsOf(
  site: Site,
  visit: Visit,
  { typed, built }: { readonly typed: Typed; readonly built: Built },
): Promise<readonly Problem[]> {
  const problems = built.ok ? [] : built.problems
  if (problems.some(({ field }) => field === 'newsgroups')) return problems
  const most = site.config().limits.groups_posted
  return [...problems, ...addresseeProblems(await addresseesOf(site, visit, typed), typed, most)]
}

async function preview(site: Site, visit: Visit, typed: Typed): Promise<Answer> {
  const built = buildArticle(await composed(site, visit, typed))
  const problems = await problemsOf(site, visit, { typed, built })
  const remarks = await remarksFor(site, visit, typed)
  const shown = withSeen(typed, remarks)
  const notes = await keepQuietly(site, visit, shown)
  if (problems.length > 0) {
    const alert = visit.words.post.incomplete
    return await formPage(site, visit, { typed: shown, status: 422, alert, problems, remarks, notes })
  }
  const article = built.ok ? previewOf(built.wire, site, visit) : undefined
  return await formPage(site, visit, { typed: shown, preview: article, remarks, notes })
}

interface Mending {
  readonly typed: Typed
  readonly remark: string
}

async function mendForm(site: Site, visit: Visit, { typed, remark }: Mending): Promise<Answer> {
  const changed = mended(typed, await writingOf(site, visit, typed), remark)
  const remarks = await remarksFor(site, visit, changed)
  const shown = withSeen(changed, remarks)
  const notes = [visit.words.lint.mended, ...(await keepQuietly(site, visit, shown))]
  return await formPage(site, visit, { typed: shown, remarks, notes })
}

async function post(site: Site, visit: Visit, typed: Typed): Promise<Answer> {
  const { words } = visit
  const built = buildArticle(await composed(site, visit, typed))
  const problems = await problemsOf(site, visit, { typed, built })
  if (problems.length > 0) {
    const notes = await keepQuietly(site, visit, typed)
    const alert = words.post.incomplete
    return await formPage(site, visit, { typed, status: 422, alert, problems, notes })
  }
  const remarks = await remarksFor(site, visit, typed)
  if (unseen(remarks, typed).length > 0) {
    const shown = withSeen(typed, remarks)
    const notes = await keepQuietly(site, visit, shown)
    return await formPage(site, visit, { typed: shown, status: 422, alert: words.lint.once, remarks, notes })
  }
  const attempt = await submit(site, visit, typed)
  const done = isSettled(attempt) || (attempt.kind === 'known' && attempt.same)
  if (!done) await keepQuietly(site, visit, typed)
  const answer = await attemptAnswer(site, visit, { typed, attempt })
  return done ? await putAway(site, visit, { typed, answer }) : answer
}

interface Done {
  readonly typed: Typed
  readonly answer: Answer
}

/** The article is out: whatever becomes of the rest, nobody is told that it failed. */
async function putAway(site: Site, visit: Visit, { typed, answer }: Done): Promise<Answer> {
  try {
    if (visit.person !== undefined) await removeDraft(site, accountOf(visit), typed.draft)
    if (answer.kind !== 'redirect') return answer
    return { ...answer, cookies: await keepAuthor(site, visit, typed) }
  } catch (error) {
    site.log.warn({ err: error }, 'after an article was sent, its draft or its author was not put away')
    return answer
  }
}

/** What there is to say of a draft that was to be saved; nothing is kept for visitors. */
async function keep(site: Site, visit: Visit, typed: Typed): Promise<readonly string[]> {
  if (visit.person === undefined) return []
  const { drafts } = visit.words
  const saving = await saveDraft(site, accountOf(visit), typed)
  return [saving === 'saved' ? drafts.kept : drafts[saving].text]
}

/** Says only what went wrong. */
async function keepQuietly(site: Site, visit: Visit, typed: Typed): Promise<readonly string[]> {
  const said = await keep(site, visit, typed)
  return said.filter(text => text !== visit.words.drafts.kept)
}
