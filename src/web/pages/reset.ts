/** `/reset`: a new password by a letter, for whoever has forgotten theirs. */
import { z } from 'zod'
import { type Account, type AccountName, accountName } from '../../account.ts'
import { isMailAddress } from '../../mail-address.ts'
import { faultsOf, hashOf } from '../account/new-account.ts'
import { letterSeconds } from '../account/registration.ts'
import { type FormPage, formPage, typedLine } from '../form.ts'
import type { TicketKind } from '../people/tickets.ts'
import type { Answer, Site, Visit } from '../site.ts'
import { takesPasswords } from './login.ts'
import { saidPage } from './said.ts'

interface Reset {
  readonly account: string
  readonly created: number
  /** The link is void when the password was changed meanwhile. */
  readonly stamp: string
}

const resetKind: TicketKind<Reset> = {
  name: 'reset',
  holds: z.object({ account: z.string(), created: z.number(), stamp: z.string() }),
}

export async function resetForm(site: Site, visit: Visit): Promise<Answer> {
  const { reset } = visit.words
  if (!site.letters.possible) return saidPage(site, visit, { heading: reset.heading, text: reset.ask })
  return formPage(site, visit, {
    heading: reset.heading,
    notes: [reset.text],
    forms: [
      {
        action: '/reset',
        button: reset.button,
        entries: [{ id: 'who', label: reset.who, autocomplete: 'username' }],
      },
    ],
  })
}

/** The answer is the same, and at once, whether anybody is known by that name or address. */
export async function askReset(site: Site, visit: Visit): Promise<Answer> {
  const { form, words, client } = visit
  const who = typedLine(form, 'who').slice(0, 300)
  if (!site.letters.possible) return resetForm(site, visit)
  if (!site.letters.allow(`reset ${who}`, client.address))
    return saidPage(site, visit, { heading: words.reset.heading, text: words.register.tooMany, status: 429 })
  site.audit.record('reset-asked', { who, address: client.address })
  sendReset(site, visit, who).catch((error: unknown) =>
    site.log.error({ err: error }, 'a letter for a new password was not sent'),
  )
  return { kind: 'redirect', status: 303, to: '/reset/sent' }
}

export async function resetSent(site: Site, visit: Visit): Promise<Answer> {
  return saidPage(site, visit, visit.words.reset.sent)
}

async function sendReset(site: Site, { words }: Visit, who: string): Promise<void> {
  const name = accountName(who)
  const account = isMailAddress(who)
    ? await site.addresses.accountOf(who)
    : name && (await site.accounts.find(name))
  if (account === undefined || account.disabled) return
  const mail = await site.addresses.of(account.name)
  if (mail === undefined || !mail.proven) return
  const holds = { account: account.name, created: account.created, stamp: account.sessionStamp ?? '' }
  const token = await site.tickets.issue(resetKind, holds, letterSeconds)
  const link = `${site.baseUrl()}/reset/confirm?${new URLSearchParams({ token })}`
  const { title } = site.config().web
  await site.letters.send({ to: mail.address, ...words.letters.reset({ title, name: account.name, link }) })
}

const spent = (site: Site, visit: Visit): Answer =>
  saidPage(site, visit, { ...visit.words.reset.spent, status: 404 })

/** Whose the link is; undefined where it is good no more. */
async function ownerOf(site: Site, holds: Reset | undefined): Promise<Account | undefined> {
  const name = holds && accountName(holds.account)
  const account = name && (await site.accounts.find(name))
  if (holds === undefined || account === undefined || account.disabled) return undefined
  const same = account.created === holds.created && (account.sessionStamp ?? '') === holds.stamp
  return same ? account : undefined
}

export async function chooseForm(site: Site, visit: Visit): Promise<Answer> {
  const token = visit.query.get('token') ?? ''
  const owner = await ownerOf(site, await site.tickets.look(resetKind, token))
  return owner === undefined ? spent(site, visit) : choosing(site, visit, { token, name: owner.name })
}

interface Choosing extends Pick<FormPage, 'status' | 'alert' | 'retryAfter'> {
  readonly token: string
  readonly name: AccountName
  readonly problem?: string
}

function choosing(site: Site, visit: Visit, { token, name, problem = '', ...rest }: Choosing): Answer {
  const { account, register, reset, settings, login } = visit.words
  return formPage(site, visit, {
    heading: reset.heading,
    notes: [reset.for(name), ...(takesPasswords(site, visit) ? [] : [login.needsTls])],
    ...rest,
    forms: [
      {
        action: '/reset/confirm',
        button: settings.save,
        hidden: { ticket: token },
        entries: [
          {
            id: 'chosen',
            label: account.newPassword,
            type: 'password',
            autocomplete: 'new-password',
            hint: register.passwordHint,
          },
        ],
        problems: problem === '' ? {} : { chosen: problem },
      },
    ],
  })
}

export async function choose(site: Site, visit: Visit): Promise<Answer> {
  const { form, words, client } = visit
  const token = form.get('ticket') ?? ''
  const owner = await ownerOf(site, await site.tickets.look(resetKind, token))
  if (owner === undefined) return spent(site, visit)
  const { name } = owner
  const again = (more: Partial<Choosing>) => choosing(site, visit, { token, name, ...more })
  if (!takesPasswords(site, visit)) return again({ status: 403 })
  const chosen = form.get('chosen') ?? ''
  const { password: problem } = faultsOf({ password: chosen }, { words, around: [name] })
  if (problem !== undefined) return again({ status: 422, alert: words.settings.notSaved, problem })
  const change = await hashOf(site, chosen)
  if (change === undefined) return again({ status: 503, alert: words.login.busy, retryAfter: 30 })
  const done = await site.tickets.use(resetKind, token, async holds => {
    // Asked again: another link may have been used meanwhile.
    if ((await ownerOf(site, holds)) === undefined) return { result: false, ticket: 'spent' }
    const { kind } = await site.accounts.set({ name, change, source: 'web' })
    return { result: kind === 'stored', ticket: kind === 'stored' ? 'spent' : 'keep' }
  })
  if (done !== true) return spent(site, visit)
  site.audit.record('password-reset', { account: name, address: client.address })
  return { kind: 'redirect', status: 303, to: '/login?reset' }
}
