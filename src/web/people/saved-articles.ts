/** Articles that a person has put aside, with what a list shows of them, so that it does not depend on what is still here. */
import { z } from 'zod'
import { accountShelf, type Shelves } from '../../storage/state/shelves.ts'

const stored = z.strictObject({
  /** Milliseconds since 1970. */
  at: z.number(),
  subject: z.string(),
  from: z.string(),
  date: z.string(),
})

export interface SavedArticle extends Readonly<z.infer<typeof stored>> {
  readonly messageId: string
}

const prefix = 'saved/'
/** Of one person; more are refused. */
export const mostSaved = 2000
/** Characters that are kept of each field. */
const longestField = 300

export class SavedArticles {
  readonly #shelves: Shelves

  constructor(shelves: Shelves) {
    this.#shelves = shelves
  }

  async has(account: string, messageId: string): Promise<boolean> {
    return (await this.#shelves.load(accountShelf(account), prefix + messageId)) !== undefined
  }

  /** Saved last, first. */
  async list(account: string): Promise<SavedArticle[]> {
    const found: SavedArticle[] = []
    for await (const batch of this.#shelves.list(accountShelf(account), prefix))
      for (const { name, value } of batch) {
        const article = decode(value)
        if (article !== undefined) found.push({ ...article, messageId: name.slice(prefix.length) })
      }
    return found.sort((a, b) => b.at - a.at)
  }

  /** False where there are too many. Rejects as a commit does. */
  async save(account: string, { messageId, at, ...fields }: SavedArticle): Promise<boolean> {
    const { length } = await this.list(account)
    if (length >= mostSaved) return false
    const [subject, from, date] = [fields.subject, fields.from, fields.date].map(cut)
    const value = Buffer.from(JSON.stringify({ at, subject, from, date }))
    await this.#shelves.save(accountShelf(account), new Map([[prefix + messageId, value]]))
    return true
  }

  async forget(account: string, messageId: string): Promise<void> {
    await this.#shelves.save(accountShelf(account), new Map([[prefix + messageId, undefined]]))
  }
}

const cut = (text: string): string => Array.from(text).slice(0, longestField).join('')

function decode(value: Buffer): z.infer<typeof stored> | undefined {
  try {
    return stored.safeParse(JSON.parse(value.toString())).data
  } catch {
    return undefined
  }
}
