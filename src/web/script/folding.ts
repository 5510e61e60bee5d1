/** All quotes of a page folded or unfolded at once. */
import { onDeed } from './deeds.ts'

/** Folds all where one is open, else opens all. */
export function toggleQuotes(): void {
  const quotes = [...document.querySelectorAll<HTMLDetailsElement>('details.quote')]
  const open = !quotes.some(quote => quote.open)
  for (const quote of quotes) quote.open = open
}

export function foldQuotes(): void {
  onDeed('fold', toggleQuotes)
  const any = document.querySelector('details.quote') !== null
  for (const button of document.querySelectorAll<HTMLElement>('[data-does="fold"]')) button.hidden = !any
}
