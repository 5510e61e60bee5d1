/** A field that narrows the list of groups while one types; sending its form does the same without a script. */

function narrow(wanted: string): void {
  const words = wanted.toLowerCase().split(/\s+/)
  for (const line of document.querySelectorAll<HTMLElement>('.groups > li')) {
    const text = (line.textContent ?? '').toLowerCase()
    line.hidden = !words.every(word => text.includes(word))
  }
  for (const section of document.querySelectorAll<HTMLElement>('.hierarchy')) {
    const lines = [...section.querySelectorAll<HTMLElement>('.groups > li')]
    const name = section.querySelector('h2')?.textContent?.toLowerCase() ?? ''
    section.hidden =
      lines.length > 0 ? lines.every(({ hidden }) => hidden) : !words.every(word => name.includes(word))
  }
}

export function filterLists(): void {
  const field = document.querySelector<HTMLInputElement>('form.filter input[type="search"]')
  if (field === null) return
  // What the server has filtered already is all there is.
  if (field.defaultValue !== '') return
  field.addEventListener('input', () => narrow(field.value))
}
