/** What is typed is kept at the server while one types: a form with `data-draft` names the address that takes it. */

/** Milliseconds without a key before a draft is sent. */
const pause = 3000

class Draft {
  readonly #form: HTMLFormElement
  readonly #address: string
  #kept: string
  #timer: number | undefined

  constructor(form: HTMLFormElement, address: string) {
    this.#form = form
    this.#address = address
    this.#kept = this.#text()
  }

  changed(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.#keep(), pause)
  }

  /** The page goes: no answer is waited for. */
  leave(): void {
    clearTimeout(this.#timer)
    const text = this.#text()
    if (text === this.#kept) return
    this.#kept = text
    navigator.sendBeacon(this.#address, new URLSearchParams(text))
  }

  /** The form itself takes it all. */
  sent(): void {
    clearTimeout(this.#timer)
    this.#kept = this.#text()
  }

  async #keep(): Promise<void> {
    const text = this.#text()
    if (text === this.#kept) return
    const body = new URLSearchParams(text)
    const kept = await fetch(this.#address, { method: 'POST', body }).then(
      ({ ok }) => ok,
      () => false,
    )
    if (kept) this.#kept = text
    const status = this.#form.querySelector<HTMLElement>('[data-draft-status]')
    if (status !== null) status.textContent = (kept ? status.dataset.kept : status.dataset.lost) ?? ''
  }

  #text(): string {
    const pairs = [...new FormData(this.#form)].map(([name, value]) => [name, String(value)])
    return new URLSearchParams(pairs).toString()
  }
}

export function keepDrafts(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>('form[data-draft]')) {
    const { draft: address = '' } = form.dataset
    if (address === '') continue
    const draft = new Draft(form, address)
    form.addEventListener('input', () => draft.changed())
    form.addEventListener('submit', () => draft.sent())
    addEventListener('pagehide', () => draft.leave())
  }
}
