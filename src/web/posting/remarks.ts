/** Remarks on a form: read from it, shown beside it, mended in it. */
import { visibleLine } from '../../article-text/visible.ts'
import { parseDate } from '../../date.ts'
import { findArticle } from '../article/shown-article.ts'
import { mend, type Remark, remarkNames, remarksOn } from '../lint/lint.ts'
import type { Writing } from '../lint/writing.ts'
import type { RemarkLine } from '../shown/forms.ts'
import type { Site, Visit } from '../site.ts'
import type { Words } from '../words/english.ts'
import { wantsMail } from './reply.ts'
import { type Typed, typedNames } from './typed.ts'

export async function writingOf(site: Site, visit: Visit, typed: Typed): Promise<Writing> {
  const parent = typed.inReplyTo === '' ? undefined : await findArticle(site, visit, typed.inReplyTo)
  const date = parent && parseDate(parent.header('Date'))
  return {
    subject: typed.subject,
    groups: typedNames(typed.newsgroups),
    followupTo: typedNames(typed.followupTo),
    body: typed.body,
    now: Math.floor(site.clock.now() / 1000),
    ...(parent !== undefined && {
      parent: {
        subject: parent.header('Subject'),
        text: parent.body.text,
        wantsMail: wantsMail(parent),
        ...(date !== undefined && { date }),
      },
    }),
  }
}

/** The form with what one remark is about changed; all else as it was typed. */
export function mended(typed: Typed, writing: Writing, name: string): Typed {
  const { subject, followupTo, body } = mend(writing, name)
  const same = followupTo === writing.followupTo
  return { ...typed, subject, body, followupTo: same ? typed.followupTo : followupTo.join(', ') }
}

/** Those that were not shown with this form before. */
export function unseen(remarks: readonly Remark[], { seen }: Typed): readonly Remark[] {
  return remarks.filter(({ name }) => !seen.includes(name))
}

/** The form once these were shown. */
export function withSeen(typed: Typed, remarks: readonly Remark[]): Typed {
  const names = remarks.map(({ name }) => name)
  return { ...typed, seen: remarkNames.filter(name => typed.seen.includes(name) || names.includes(name)) }
}

export async function remarksFor(site: Site, visit: Visit, typed: Typed): Promise<readonly Remark[]> {
  return remarksOn(await writingOf(site, visit, typed))
}

export function remarkLines(remarks: readonly Remark[], { lint }: Words): readonly RemarkLine[] {
  return remarks.map(({ name, found, mendable }) => ({
    ...lint.remarks[name],
    id: `remark-${name}`,
    found: visibleLine(found),
    mend: mendable ? `mend ${name}` : '',
  }))
}
