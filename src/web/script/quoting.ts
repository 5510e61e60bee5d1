/** What is selected in an article is what a reply to it quotes; everything where nothing is. */

const place = 'tidings quoted'

interface Quoted {
  /** The query of the form it is for. */
  readonly query: string
  readonly text: string
}

export function quoteSelections(): void {
  document.addEventListener('click', ({ target }) => {
    const link = target instanceof Element ? target.closest<HTMLAnchorElement>('a[href^="/post?"]') : null
    if (link === null) return
    const quoted: Quoted = { query: link.search, text: selected() }
    if (quoted.text === '') sessionStorage.removeItem(place)
    else sessionStorage.setItem(place, JSON.stringify(quoted))
  })
  const body = document.querySelector<HTMLTextAreaElement>('form.post textarea')
  if (body !== null) body.value = withQuoted(body.value, taken())
}

/** Of the only article of the page: of several it would not be known whose words they are. */
function selected(): string {
  const selection = getSelection()
  const bodies = document.querySelectorAll('article .body')
  const within = selection?.anchorNode !== null && bodies[0]?.contains(selection?.anchorNode ?? null) === true
  return within && bodies.length === 1 ? String(selection).trim() : ''
}

/** Once, and by the form it is for. */
function taken(): string {
  const kept = sessionStorage.getItem(place)
  if (kept === null) return ''
  sessionStorage.removeItem(place)
  const { query, text } = JSON.parse(kept) as Quoted
  return query === location.search ? text : ''
}

/** The lines of the quotation give way to those that were selected. */
function withQuoted(body: string, text: string): string {
  const lines = body.split('\n')
  const first = lines.findIndex(line => line.startsWith('>'))
  if (text === '' || first < 0) return body
  const behind = lines.findIndex((line, at) => at > first && !line.startsWith('>'))
  const quoted = text.split('\n').map(line => (line.startsWith('>') ? `>${line}` : `> ${line}`.trimEnd()))
  return [...lines.slice(0, first), ...quoted, ...lines.slice(behind < 0 ? lines.length : behind)].join('\n')
}
