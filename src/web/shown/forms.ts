/** Forms as views show them. */

export interface FormField {
  readonly value: string
  /** Why it cannot be taken; empty where it can. */
  readonly problem: string
  /** As `aria-invalid` has it. */
  readonly invalid: 'true' | 'false'
}

/** One field; `choices`, `area` and `box` say that it is no line of text. */
export interface FormEntry {
  readonly id: string
  readonly label: string
  readonly hint: string
  readonly value: string
  readonly problem: string
  readonly type: 'text' | 'password' | 'email' | 'number'
  readonly autocomplete: string
  readonly required: boolean
  readonly choices: readonly { readonly value: string; readonly text: string; readonly chosen: boolean }[]
  readonly area: boolean
  readonly box: boolean
  /** Of a box. */
  readonly on: boolean
}

export interface FormShown {
  readonly action: string
  readonly heading: string
  readonly token: string
  readonly hidden: readonly { readonly name: string; readonly value: string }[]
  readonly entries: readonly FormEntry[]
  readonly button: string
}

/** What is said of a text before it is posted. */
export interface RemarkLine {
  readonly id: string
  readonly says: string
  readonly why: string
  /** Of the text; empty where that says nothing. */
  readonly found: string
  /** What the button sends that mends it; empty where there is none. */
  readonly mend: string
}
