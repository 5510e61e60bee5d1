/** Everything that this node keeps of an account, as lines of JSON: what a person takes along. */
import type { AccountName } from '../../account.ts'
import type { Arrival } from '../../storage/reading.ts'
import { accountShelf } from '../../storage/state/shelves.ts'
import type { Site } from '../site.ts'

const line = (what: object) => `${JSON.stringify(what)}\n`
/** Rows of the arrival log at a time. */
const batch = 2000

/** A line each: the account without what its passwords became, what is on its shelf, and the articles it posted. */
export async function* accountCopy(site: Site, name: AccountName): AsyncGenerator<string> {
  const account = await site.accounts.find(name)
  if (account !== undefined) {
    const { password: _, scram: __, sessionStamp: ___, ...told } = account
    yield line({ kind: 'account', ...told })
  }
  for await (const rows of site.shelves.list(accountShelf(name)))
    for (const row of rows) yield line({ kind: 'kept', name: row.name, ...shown(row.value) })
  yield* articlesOf(site, name)
}

/** What is no JSON is base64. */
function shown(value: Buffer): object {
  try {
    return { value: JSON.parse(value.toString()) }
  } catch {
    return { base64: value.toString('base64') }
  }
}

async function* articlesOf({ reading }: Site, name: AccountName): AsyncGenerator<string> {
  // As rows of the log have it.
  const source = Buffer.from(`post:${name}`).subarray(0, 255).toString()
  for (let after = 0 as Arrival; ; ) {
    const rows = await reading.arrivals(after, batch)
    const last = rows.at(-1)
    if (last === undefined) return
    for (const row of rows)
      if (row.kind === 'article' && row.source === source)
        yield line({
          kind: 'article',
          messageId: row.messageId,
          time: new Date(row.time * 1000).toISOString(),
        })
    after = last.arrival
  }
}
