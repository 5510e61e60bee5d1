/** `/settings/sessions`: where an account is signed in, and the ends of that. */
import { provenAs } from '../../account.ts'
import { networkText } from '../../address.ts'
import { nameOf, withPerson } from '../account/prove.ts'
import { type FormParts, formPage, typedLine } from '../form.ts'
import type { Answer } from '../site.ts'
import { begin } from './login.ts'

const address = '/settings/sessions'
const back: Answer = { kind: 'redirect', status: 303, to: address }

export const sessionsPage = withPerson(async (site, visit, person) => {
  const { account, ago } = visit.words
  const lines = await site.people.sessionsOf(nameOf(person))
  const since = (time: number) => ago((site.clock.now() - time) / 1000)
  const forms = lines.map(({ id, begun, seen, network, agent }): FormParts => {
    const told = account.session({
      agent,
      network: networkText(network),
      begun: since(begun),
      seen: since(seen),
    })
    const here = id === person.session ? ` (${account.thisBrowser})` : ''
    return { action: address, button: account.endSession, heading: told + here, hidden: { session: id } }
  })
  return formPage(site, visit, {
    heading: account.sessions,
    forms: [...forms, { action: `${address}/all`, button: account.endAll }],
  })
})

export const endSession = withPerson(async (site, visit, person) => {
  await site.people.end(nameOf(person), typedLine(visit.form, 'session'))
  site.audit.record('session-ended', { account: person.account.name, address: visit.client.address })
  return back
})

/** This browser gets a new one. */
export const endAllSessions = withPerson(async (site, visit, person) => {
  const change = site.accounts.endOfSessions()
  const outcome = await site.accounts.set({ name: nameOf(person), change, source: 'web' })
  if (outcome.kind !== 'stored') return back
  site.audit.record('sessions-ended', { account: person.account.name, address: visit.client.address })
  return { ...back, cookies: await begin(site, visit, provenAs(outcome.account)) }
})
