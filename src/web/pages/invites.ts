/** `/settings/invites`: links by which others register. */

import { type InviteLine, invite, invitesOf, longestInvite, mostGuests, revoke } from '../account/invites.ts'
import { nameOf, withPerson } from '../account/prove.ts'
import { type FormParts, formPage, typedLine } from '../form.ts'
import type { Person } from '../person.ts'
import type { Answer, Site, Visit } from '../site.ts'

const address = '/settings/invites'
const daySeconds = 86_400

export const invitesPage = withPerson(async (site, visit, person) => page(site, visit, { person }))

interface Showing {
  readonly person: Person
  readonly notes?: readonly string[]
  readonly alert?: string
}

async function page(site: Site, visit: Visit, { person, notes = [], alert }: Showing): Promise<Answer> {
  const { invites } = visit.words
  const lines = await invitesOf(site, person.account.name)
  const now = site.clock.now()
  const isGood = (line: InviteLine) => line.until > now && line.came.length < line.guests
  const told = (line: InviteLine) => textOf(line, { visit, now })
  const open = lines.filter(isGood).map(
    (line): FormParts => ({
      action: `${address}/revoke`,
      button: invites.revoke,
      heading: told(line),
      hidden: { invite: line.id },
    }),
  )
  return formPage(site, visit, {
    heading: invites.heading,
    notes: [...notes, invites.text, ...lines.filter(line => !isGood(line)).map(told)],
    ...(alert !== undefined && { alert, status: 422 }),
    forms: [
      {
        action: address,
        button: invites.make,
        entries: [
          { id: 'guests', label: invites.guests, type: 'number', value: '1' },
          { id: 'days', label: invites.days, type: 'number', value: '7' },
        ],
      },
      ...open,
    ],
  })
}

function textOf(line: InviteLine, { visit, now }: { readonly visit: Visit; readonly now: number }): string {
  const { invites, ago, number } = visit.words
  const counts = invites.line({
    made: ago((now - line.made) / 1000),
    ends: ago((now - line.until) / 1000),
    came: number(line.came.length),
    guests: number(line.guests),
  })
  return line.came.length === 0 ? counts : `${counts} ${line.came.join(', ')}.`
}

export const makeInvite = withPerson(async (site, visit, person) => {
  const { form, words } = visit
  const guests = Number(typedLine(form, 'guests'))
  const days = Number(typedLine(form, 'days'))
  const fits = (count: number, most: number) => Number.isInteger(count) && count >= 1 && count <= most
  if (!fits(guests, mostGuests) || !fits(days, longestInvite / daySeconds))
    return page(site, visit, { person, alert: words.invites.wrong })
  if (site.config().web.registration === 'closed')
    return page(site, visit, { person, alert: words.register.not.closed })
  const token = await invite(site, nameOf(person), { guests, seconds: days * daySeconds })
  if (token === undefined) return page(site, visit, { person, alert: words.invites.enough })
  const link = `${site.baseUrl()}/register?${new URLSearchParams({ invite: token })}`
  return page(site, visit, { person, notes: [words.invites.link(link)] })
})

export const revokeInvite = withPerson(async (site, visit, person) => {
  await revoke(site, nameOf(person), typedLine(visit.form, 'invite'))
  return { kind: 'redirect', status: 303, to: address }
})
