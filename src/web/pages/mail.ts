/** `/settings/mail`: the mail address of an account, which counts when a letter sent there was opened. */
import { z } from 'zod'
import { accountName } from '../../account.ts'
import { isMailAddress } from '../../mail-address.ts'
import { nameOf, unproven, withPerson } from '../account/prove.ts'
import { letterSeconds } from '../account/registration.ts'
import { type FormPage, formPage, typedLine } from '../form.ts'
import type { TicketKind } from '../people/tickets.ts'
import type { Person } from '../person.ts'
import type { Answer, Site, Visit } from '../site.ts'
import { saidPage } from './said.ts'

interface AddressWish {
  readonly account: string
  readonly created: number
  readonly address: string
}

const addressKind: TicketKind<AddressWish> = {
  name: 'address',
  holds: z.object({ account: z.string(), created: z.number(), address: z.string() }),
}

export const mailForm = withPerson(async (site, visit, person) => page(site, visit, { person }))

interface Showing extends Pick<FormPage, 'status' | 'alert' | 'retryAfter'> {
  readonly person: Person
  readonly typed?: string
  readonly problem?: string
}

async function page(site: Site, visit: Visit, showing: Showing): Promise<Answer> {
  const { person, typed = '', problem = '', ...rest } = showing
  const { account, register, settings } = visit.words
  const mail = await site.addresses.of(person.account.name)
  const sent = visit.query.has('sent')
  return formPage(site, visit, {
    heading: account.mail,
    notes: [
      ...(sent ? [account.mailSent] : []),
      mail === undefined ? account.noMail : account.mailNow(mail.address),
      ...(mail?.proven === false && site.letters.possible && !sent ? [account.mailUnproven] : []),
    ],
    ...rest,
    forms: [
      {
        action: '/settings/mail',
        button: settings.save,
        entries: [
          {
            id: 'address',
            label: register.address,
            type: 'email',
            autocomplete: 'email',
            value: typed,
            hint: register.addressHint,
          },
          { id: 'password', label: account.password, type: 'password', autocomplete: 'current-password' },
        ],
        problems: problem === '' ? {} : { address: problem },
      },
    ],
  })
}

export const changeMail = withPerson(async (site, visit, person) => {
  const { form, words, client } = visit
  const address = typedLine(form, 'address')
  const again = (more: Omit<Showing, 'person'>) => page(site, visit, { person, typed: address, ...more })
  const wrong = await unproven(site, visit, person)
  if (wrong !== undefined) return again(wrong)
  if (!isMailAddress(address))
    return again({ status: 422, alert: words.settings.notSaved, problem: words.register.badAddress })
  const name = nameOf(person)
  if (!site.letters.possible) {
    await site.addresses.keep(name, { address, proven: false })
    return { kind: 'redirect', status: 303, to: '/settings?saved' }
  }
  if (!site.letters.allow(address, client.address))
    return again({ status: 429, alert: words.register.tooMany, retryAfter: 3600 })
  await sendConfirmation(site, visit, { name, address })
  site.audit.record('address-asked', { account: name, address: client.address })
  return { kind: 'redirect', status: 303, to: '/settings/mail?sent' }
})

/** Whoever has the address already is told, and the link is of no use: the answer is the same. */
async function sendConfirmation(
  site: Site,
  { words }: Visit,
  { name, address }: { readonly name: string; readonly address: string },
): Promise<void> {
  const owner = await site.addresses.accountOf(address)
  const taken = owner !== undefined && owner.name !== name
  const stored = accountName(name)
  const created = (stored && (await site.accounts.find(stored)))?.created ?? 0
  const wish = { account: name, created, address }
  const token = await site.tickets.issue(addressKind, wish, taken ? -1 : letterSeconds)
  const { title } = site.config().web
  const link = `${site.baseUrl()}/settings/mail/confirm?${new URLSearchParams({ token })}`
  const letter = taken
    ? words.letters.known({ title, name: owner.name, link: `${site.baseUrl()}/reset` })
    : words.letters.address({ title, name, link })
  await site.letters.send({ to: address, ...letter })
}

const spent = (site: Site, visit: Visit): Answer =>
  saidPage(site, visit, { ...visit.words.reset.spent, status: 404 })

export async function mailConfirmForm(site: Site, visit: Visit): Promise<Answer> {
  const token = visit.query.get('token') ?? ''
  const wish = await site.tickets.look(addressKind, token)
  if (wish === undefined) return spent(site, visit)
  const { account } = visit.words
  return formPage(site, visit, {
    heading: account.mail,
    notes: [account.mailWanted({ name: wish.account, address: wish.address })],
    forms: [{ action: '/settings/mail/confirm', button: account.confirmMail, hidden: { ticket: token } }],
  })
}

export async function confirmMail(site: Site, visit: Visit): Promise<Answer> {
  const done = await site.tickets.use(addressKind, visit.form.get('ticket') ?? '', async wish => {
    const name = accountName(wish.account)
    const account = name && (await site.accounts.find(name))
    const owner = await site.addresses.accountOf(wish.address)
    const free = owner === undefined || owner.name === name
    if (account === undefined || account.created !== wish.created || !free)
      return { result: false, ticket: 'spent' }
    await site.addresses.keep(account.name, { address: wish.address, proven: true })
    site.audit.record('address-changed', { account: account.name, address: visit.client.address })
    return { result: true, ticket: 'spent' }
  })
  return done === true ? { kind: 'redirect', status: 303, to: '/settings?saved' } : spent(site, visit)
}
