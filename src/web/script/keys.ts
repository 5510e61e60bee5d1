/**
 * Single keys, off where the reader wants none of them (WCAG 2.2 2.1.4), never taken from a field. A key does what a
 * link or button on the page does: `data-key` marks it, or its address tells.
 */
import { onDeed } from './deeds.ts'
import { toggleQuotes } from './folding.ts'

/** What a key activates, the first that is on the page. */
const activates: Readonly<Record<string, readonly string[]>> = {
  r: ['[data-key="r"]', 'a[href^="/post?inreplyto="]'],
  q: ['[data-key="q"]', '[data-key="r"]', 'a[href^="/post?inreplyto="]'],
  u: ['[data-key="u"]'],
  m: ['[data-key="m"]'],
  s: ['[data-key="s"]'],
  c: ['[data-key="c"]'],
  'g i': ['[data-key="g i"]', 'a.brand'],
}

/** Entries of lists, and articles where a page shows several. */
const entries =
  '[data-item], .threads .subject, .found .subject, .articles .subject, .groups .name, .drafts a, article'
const fields = 'main input[type="search"], header input[type="search"]'
/** Milliseconds between the two keys of `g i`. */
const together = 1500

function shown(element: HTMLElement): boolean {
  return element.checkVisibility?.() ?? element.getClientRects().length > 0
}

function activate(selectors: readonly string[]): boolean {
  // In the article where one is, before the rest of the page.
  const here = document.activeElement?.closest('article')
  for (const root of here ? [here, document] : [document])
    for (const selector of selectors) {
      const target = [...root.querySelectorAll<HTMLElement>(selector)].find(shown)
      if (target === undefined) continue
      target.click()
      return true
    }
  return false
}

/** To the next entry, or the one before. Where a page shows one article, to its neighbour. */
function move(by: 1 | -1): boolean {
  const all = [...document.querySelectorAll<HTMLElement>(entries)].filter(shown)
  if (all.length < 2) return activate([by === 1 ? '[data-key="j"]' : '[data-key="k"]'])
  const at = all.findIndex(entry => entry.contains(document.activeElement))
  const next = all[at < 0 && by < 0 ? all.length - 1 : at + by]
  if (next === undefined) return true
  if (next instanceof HTMLAnchorElement === false) next.tabIndex = -1
  next.focus({ preventScroll: true })
  next.scrollIntoView({ block: next.tagName === 'ARTICLE' ? 'start' : 'nearest' })
  return true
}

/** The browser scrolls; at the end of what is read, on to what is not. */
function readOn(): boolean {
  const { scrollHeight, clientHeight, scrollTop } = document.documentElement
  if (scrollTop + clientHeight < scrollHeight - 8) return false
  return activate(['[data-key="Space"]', '[data-key="j"]'])
}

function toField(): boolean {
  const field = [...document.querySelectorAll<HTMLInputElement>(fields)].find(shown)
  if (field === undefined) return activate(['a[href^="/search"]'])
  field.focus()
  field.select()
  return true
}

/** In the newsgroup of the page, if it has one: where an article is shown, that is the last of its trail. */
function newArticle(): boolean {
  if (activate(['[data-key="n"]', 'main a[href^="/post?group="]'])) return true
  const groups = document.querySelectorAll<HTMLAnchorElement>('.trail a[href^="/g/"]')
  const name = groups[groups.length - 1]?.pathname.split('/')[2]
  if (name === undefined) return activate(['header a[href="/post"]'])
  location.assign(`/post?group=${name.replaceAll('+', '%2B')}`)
  return true
}

const help = () => document.querySelector<HTMLDialogElement>('dialog#keys')

function showHelp(): boolean {
  help()?.showModal()
  return true
}

function act(key: string): boolean {
  switch (key) {
    case 'j':
      return move(1)
    case 'k':
      return move(-1)
    case ' ':
      return readOn()
    case 'n':
      return newArticle()
    case 'f':
      toggleQuotes()
      return true
    case '/':
      return toField()
    case '?':
      return showHelp()
    default:
      return activate(activates[key] ?? [])
  }
}

/** Typing, choosing, or another meaning of the key. */
function isTaken(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey)
    return true
  if (document.querySelector('dialog[open]') !== null) return true
  const { target } = event
  if (!(target instanceof HTMLElement)) return false
  if (target.isContentEditable || target.closest('input, textarea, select') !== null) return true
  return event.key === ' ' && target.closest('button, summary, [role="button"]') !== null
}

export function listenToKeys(): void {
  onDeed('help', showHelp)
  onDeed('close', () => help()?.close())
  if (document.documentElement.dataset.keys !== 'on') return
  const prefix = { until: 0 }
  document.addEventListener('keydown', event => {
    if (isTaken(event)) return
    const second = event.timeStamp < prefix.until
    prefix.until = 0
    if (event.key === 'g' && !second) {
      prefix.until = event.timeStamp + together
      return
    }
    if (act(second ? `g ${event.key}` : event.key)) event.preventDefault()
  })
}
