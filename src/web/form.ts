/** Forms of a few fields, as rows: their page with what was typed, and what is wrong with it. */
import type { Cookie } from './http/cookie.ts'
import type { Link } from './render.ts'
import type { FormEntry, FormShown } from './shown/forms.ts'
import type { Answer, Site, Status, Visit } from './site.ts'

/** What differs from a line of text that must be filled in. */
export interface Entry extends Partial<Omit<FormEntry, 'problem'>> {
  readonly id: string
  readonly label: string
}

export interface FormPage {
  readonly heading: string
  readonly forms: readonly FormParts[]
  readonly status?: Status
  readonly alert?: string
  readonly notes?: readonly string[]
  readonly links?: readonly Link[]
  readonly cookies?: readonly Cookie[]
  readonly retryAfter?: number
}

export interface FormParts {
  readonly action: string
  readonly button: string
  readonly heading?: string
  readonly entries?: readonly Entry[]
  /** Sent back as they are. */
  readonly hidden?: Readonly<Record<string, string>>
  /** What is wrong, by the ids of entries. */
  readonly problems?: Readonly<Record<string, string>>
}

export function formPage(site: Site, visit: Visit, page: FormPage): Answer {
  const { heading, status = 200, cookies, retryAfter } = page
  const token = site.tokens.of(visit.cookie)
  return {
    kind: 'page',
    status,
    keepsCookie: true,
    ...(cookies && { cookies }),
    ...(retryAfter !== undefined && { retryAfter }),
    html: () =>
      site.render(
        'form',
        {
          frame: site.frame(visit, heading, ''),
          heading,
          alert: page.alert ?? '',
          notes: page.notes ?? [],
          forms: shownForms(page.forms, token),
          links: page.links ?? [],
        },
        visit.words,
      ),
  }
}

/** Rows with a token for the browser that they are shown to. */
export const shownForms = (forms: readonly FormParts[], token: string): FormShown[] =>
  forms.map(form => shown(form, token))

function shown(form: FormParts, token: string): FormShown {
  const { action, button, heading = '', entries = [], hidden = {}, problems = {} } = form
  return {
    action,
    button,
    heading,
    token,
    hidden: Object.entries(hidden).map(([name, value]) => ({ name, value })),
    entries: entries.map(entry => ({
      type: 'text',
      autocomplete: 'off',
      value: '',
      hint: '',
      choices: [],
      area: false,
      box: false,
      on: false,
      required: true,
      problem: problems[entry.id] ?? '',
      ...entry,
    })),
  }
}

/** One line, as it was typed but for blanks at its ends. */
export const typedLine = (form: URLSearchParams, id: string): string => (form.get(id) ?? '').trim()
