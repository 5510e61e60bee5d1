/** Articles that came since the page was made, counted at its foot. The page itself never moves. WHATWG HTML 9.2 */

interface Arrived {
  readonly messageId: string
  readonly references: readonly string[]
}

type Forms = Partial<Record<Intl.LDMLPluralRule, string>>

class Bar {
  readonly #place: HTMLElement
  readonly #seen = new Set<string>()

  constructor(place: HTMLElement) {
    this.#place = place
  }

  /** `arrived`: of this page's thread where it shows one. */
  count({ messageId, references }: Arrived): void {
    const { thread = '' } = this.#place.dataset
    if (thread !== '' && !references.includes(thread)) return
    this.#seen.add(messageId)
    const rules = new Intl.PluralRules(document.documentElement.lang)
    const forms: Forms = JSON.parse(this.#place.dataset.forms ?? '{}')
    const form = forms[rules.select(this.#seen.size)] ?? forms.other ?? '#'
    this.say(form.replace('#', new Intl.NumberFormat(document.documentElement.lang).format(this.#seen.size)))
  }

  /** A link to the page as it is now. */
  say(text: string): void {
    const link = document.createElement('a')
    link.href = location.pathname + location.search
    link.textContent = text
    this.#place.replaceChildren(link)
  }
}

/** While the window is seen: browsers have few connections for a site. */
export function followArrivals(): void {
  const place = document.querySelector<HTMLElement>('.live')
  const address = place?.dataset.events ?? ''
  if (place === null || address === '') return
  const bar = new Bar(place)
  const url = new URL(address, location.href)
  const state: { source?: EventSource | undefined } = {}
  const open = () => {
    if (document.hidden || state.source !== undefined) return
    const source = new EventSource(url)
    state.source = source
    source.addEventListener('article', event => {
      url.searchParams.set('after', event.lastEventId)
      bar.count(JSON.parse(event.data))
    })
    source.addEventListener('reset', event => {
      url.searchParams.set('after', event.lastEventId)
      bar.say(place.dataset.changed ?? '')
    })
  }
  const close = () => {
    state.source?.close()
    state.source = undefined
  }
  document.addEventListener('visibilitychange', () => (document.hidden ? close() : open()))
  // A page that is left and come back to is the same page.
  addEventListener('pagehide', close)
  addEventListener('pageshow', open)
  open()
}
