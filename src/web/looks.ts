/** How pages look and listen, as their reader wants it. WCAG 2.2: 1.4.3, 2.1.4 */

/** Light or dark as the browser says it, or always in one way. */
export type Theme = 'system' | 'light' | 'dark' | 'contrast'

export interface Looks {
  readonly theme: Theme
  /** Whether single keys do something; WCAG 2.1.4 wants a way to switch them off. */
  readonly keys: boolean
}

export const usualLooks: Looks = { theme: 'system', keys: true }
