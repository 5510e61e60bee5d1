/** Texts that are not posted yet, on the shelf of the account that writes them. */
import { z } from 'zod'
import { accountShelf } from '../../storage/state/shelves.ts'
import type { Site } from '../site.ts'
import type { Typed } from './typed.ts'

type Keeping = Pick<Site, 'shelves' | 'clock'>

export interface Draft {
  readonly typed: Typed
  /** Seconds since 1970. */
  readonly saved: number
}

/** `full`: there are as many as there may be, all of them in use; `large`: the text is too long to be kept. */
export type Saving = 'saved' | 'full' | 'large'

const prefix = 'draft/'
export const mostDrafts = 50
/** Octets of one, as it is kept. */
const largest = 300_000
const daySeconds = 86_400
/** One that was not touched for so long gives way to a new one where there are too many; later it goes by itself. */
const idleDays = 30
const keptDays = 365

const stored = z.object({
  saved: z.number(),
  typed: z.object({
    name: z.string(),
    address: z.string(),
    newsgroups: z.string(),
    followupTo: z.string(),
    subject: z.string(),
    body: z.string(),
    inReplyTo: z.string(),
    edits: z.string(),
    key: z.string(),
    draft: z.string(),
    account: z.string(),
    seen: z.array(z.string()),
  }),
})

function draftFrom(value: Buffer): Draft | undefined {
  return stored.safeParse(JSON.parse(value.toString())).data
}

/** The newest first; those that nobody touched for a year are taken away. */
export async function draftsOf({ shelves, clock }: Keeping, account: string): Promise<readonly Draft[]> {
  const now = clock.now() / 1000
  const drafts: Draft[] = []
  const old = new Map<string, undefined>()
  for await (const rows of shelves.list(accountShelf(account), prefix))
    for (const { name, value } of rows) {
      const draft = draftFrom(value)
      if (draft === undefined || now - draft.saved > keptDays * daySeconds) old.set(name, undefined)
      else drafts.push(draft)
    }
  if (old.size > 0) await shelves.save(accountShelf(account), old)
  return drafts.sort((a, b) => b.saved - a.saved)
}

export async function findDraft(site: Keeping, account: string, key: string): Promise<Draft | undefined> {
  const value = await site.shelves.load(accountShelf(account), prefix + key)
  return value && draftFrom(value)
}

/** Durable when it resolves with `saved`. A text that says nothing is not kept, and that is no failure. */
export async function saveDraft(site: Keeping, account: string, typed: Typed): Promise<Saving> {
  if (`${typed.subject}${typed.body}`.trim() === '') return 'saved'
  const value = Buffer.from(JSON.stringify({ typed, saved: Math.floor(site.clock.now() / 1000) }))
  if (value.length > largest) return 'large'
  const changes = new Map<string, Buffer | undefined>([[prefix + typed.draft, value]])
  if ((await findDraft(site, account, typed.draft)) === undefined) {
    const others = await draftsOf(site, account)
    const oldest = others.at(-1)
    if (others.length >= mostDrafts && oldest !== undefined) {
      if (site.clock.now() / 1000 - oldest.saved < idleDays * daySeconds) return 'full'
      changes.set(prefix + oldest.typed.draft, undefined)
    }
  }
  await site.shelves.save(accountShelf(account), changes)
  return 'saved'
}

export async function removeDraft(site: Keeping, account: string, key: string): Promise<void> {
  if ((await site.shelves.load(accountShelf(account), prefix + key)) === undefined) return
  await site.shelves.save(accountShelf(account), new Map([[prefix + key, undefined]]))
}
