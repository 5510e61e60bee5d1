/** `/settings`: what a person likes, and the way to what else there is of an account. */
import { savedAddress, scoresAddress, subscriptionsAddress } from '../addresses.ts'
import { type Entry, formPage, typedLine } from '../form.ts'
import { pageSizes, type Settings, settingsFrom, themes } from '../people/settings.ts'
import type { Link } from '../render.ts'
import type { Answer, Site, Visit } from '../site.ts'
import { languages } from '../words/words.ts'

export async function settingsForm(site: Site, visit: Visit): Promise<Answer> {
  const saved = visit.query.has('saved')
  return page(site, visit, { typed: visit.settings, notes: saved ? [visit.words.settings.saved] : [] })
}

interface Showing {
  readonly typed: Settings
  readonly notes?: readonly string[]
  readonly problems?: Readonly<Record<string, string>>
}

function page(site: Site, visit: Visit, { typed, notes = [], problems }: Showing): Answer {
  const { words, person } = visit
  return formPage(site, visit, {
    heading: words.settings.heading,
    notes: [...notes, ...(person === undefined ? [words.settings.forVisitor] : [])],
    ...(problems && { status: 422, alert: words.settings.notSaved }),
    forms: [
      {
        action: '/settings',
        button: words.settings.save,
        entries: entriesOf(typed, visit),
        ...(problems && { problems }),
      },
    ],
    links: [...readerLinks(visit), ...(person === undefined ? [] : linksOf(visit))],
  })
}

/** To what else there is of an account. */
const linksOf = ({ words: { account, invites } }: Visit): Link[] => [
  { text: account.newPassword, to: '/settings/password' },
  { text: account.mail, to: '/settings/mail' },
  { text: account.sessions, to: '/settings/sessions' },
  { text: invites.heading, to: '/settings/invites' },
  { text: account.export, to: '/settings/export' },
  { text: account.delete, to: '/settings/delete' },
]

/** To what there is of a reader. */
function readerLinks({ words, person }: Visit): Link[] {
  const links = [{ text: words.subscriptions.heading, to: subscriptionsAddress }]
  if (person === undefined) return links
  return [
    ...links,
    { text: words.reading.saved, to: savedAddress },
    { text: words.scores.heading, to: scoresAddress },
  ]
}

function entriesOf(typed: Settings, { words: { settings, number } }: Visit): Entry[] {
  const choice = (value: string, text: string, now: string) => ({ value, text, chosen: value === now })
  const tongues = [...languages].map(([tag, { name }]) => choice(tag, name, typed.language))
  return [
    {
      id: 'language',
      label: settings.language,
      choices: [choice('', settings.asBrowser, typed.language), ...tongues],
    },
    {
      id: 'theme',
      label: settings.theme,
      choices: themes.map(theme => choice(theme, settings.themes[theme], typed.theme)),
    },
    {
      id: 'perPage',
      label: settings.perPage,
      choices: pageSizes.map(size => choice(String(size), number(size), String(typed.perPage))),
    },
    {
      id: 'timeZone',
      label: settings.timeZone,
      value: typed.timeZone,
      hint: settings.timeZoneHint,
      required: false,
    },
    { id: 'shortcuts', label: settings.shortcuts, box: true, on: typed.shortcuts },
    { id: 'name', label: settings.name, value: typed.name, autocomplete: 'name', required: false },
    {
      id: 'address',
      label: settings.address,
      value: typed.address,
      autocomplete: 'email',
      hint: settings.addressHint,
      required: false,
    },
    {
      id: 'signature',
      label: settings.signature,
      value: typed.signature,
      area: true,
      hint: settings.signatureHint,
    },
  ]
}

export async function keepSettings(site: Site, visit: Visit): Promise<Answer> {
  const { form, words, person } = visit
  const typed = {
    language: typedLine(form, 'language'),
    theme: typedLine(form, 'theme'),
    perPage: Number(typedLine(form, 'perPage')),
    timeZone: typedLine(form, 'timeZone'),
    shortcuts: form.get('shortcuts') === 'on',
    name: typedLine(form, 'name'),
    address: typedLine(form, 'address'),
    signature: (form.get('signature') ?? '').replace(/\r\n?/g, '\n').trimEnd(),
  }
  const settings = settingsFrom(typed)
  const problems = {
    ...(settings.timeZone !== typed.timeZone && { timeZone: words.settings.noTimeZone }),
    ...(settings.name !== typed.name && { name: words.settings.tooLong }),
    ...(settings.address !== typed.address && { address: words.settings.noAddress }),
    ...(settings.signature !== typed.signature && { signature: words.settings.tooLong }),
  }
  if (Object.keys(problems).length > 0) {
    const { timeZone, name, address, signature } = typed
    return page(site, visit, { typed: { ...settings, timeZone, name, address, signature }, problems })
  }
  const to = '/settings?saved'
  if (person === undefined)
    return { kind: 'redirect', status: 303, to, cookies: [site.settings.cookieOf(settings)] }
  await site.settings.keep(person.account.name, settings)
  return { kind: 'redirect', status: 303, to }
}
