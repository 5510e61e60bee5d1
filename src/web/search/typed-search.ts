/** The form for those who type no operators: its fields, put into one query that its author can read and change. */

/** Fields of the form besides `q`, in their order. */
const searchFields = ['subject', 'from', 'phrase', 'without', 'group', 'after', 'before'] as const
type SearchField = (typeof searchFields)[number]

/** What stands in a field: no longer than a query may be. */
const longestField = 500

const wordsOf = (value: string): string[] => value.split(/\s+/).filter(word => word !== '')
const bare = (value: string): string => value.replaceAll('"', ' ').trim()

const partsOf: Readonly<Record<SearchField, (value: string) => string[]>> = {
  subject: value => wordsOf(value).map(word => `subject:${word}`),
  from: value => wordsOf(value).map(word => `from:${word}`),
  phrase: value => (bare(value) === '' ? [] : [`"${bare(value)}"`]),
  without: value => wordsOf(value).map(word => `-${word}`),
  // Several names are any of them, as in a wildmat.
  group: value => (bare(value) === '' ? [] : [`group:${wordsOf(bare(value)).join(',').replace(/,+/g, ',')}`]),
  after: value => wordsOf(bare(value)).map(day => `after:${day}`),
  before: value => wordsOf(bare(value)).map(day => `before:${day}`),
}

/** The query that the fields come to; undefined where only `q` was used. */
export function typedQuery(form: URLSearchParams): string | undefined {
  const parts = searchFields.flatMap(name => partsOf[name]((form.get(name) ?? '').slice(0, longestField)))
  if (parts.length === 0) return undefined
  return [(form.get('q') ?? '').trim(), ...parts].filter(part => part !== '').join(' ')
}
