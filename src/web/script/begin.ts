/** Where writing begins: in a form that is new, the first field that wants something; behind what a reply quotes. */

export function beginWriting(): void {
  const form = document.querySelector<HTMLFormElement>('form.post')
  const field = document.getElementById(form?.dataset.begin ?? '')
  // Somebody who came with an anchor, or has begun already, stays there.
  if (field === null || location.hash !== '' || document.activeElement !== document.body) return
  const isText = field instanceof HTMLTextAreaElement
  if (isText) field.setSelectionRange(field.value.length, field.value.length)
  field.focus({ preventScroll: !isText })
}
