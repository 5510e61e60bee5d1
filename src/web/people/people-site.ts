/** The parts of the site that look after people: sessions, settings, mail addresses, letters, and what their links are good for. */
import type { Clock } from '../../clock.ts'
import type { Config } from '../../config/config.ts'
import type { AccountBook } from '../../feed/account-book.ts'
import type { Letters } from '../../feed/mail/letters.ts'
import type { Log } from '../../log.ts'
import type { Shelves } from '../../storage/state/shelves.ts'
import { FirstVisit } from './first-visit.ts'
import { MailAddresses } from './mail-addresses.ts'
import { Sessions } from './sessions.ts'
import { SettingsShelf } from './settings.ts'
import { Tickets } from './tickets.ts'

export interface PeopleSite {
  readonly people: Sessions
  /** What they like. */
  readonly settings: SettingsShelf
  readonly addresses: MailAddresses
  readonly tickets: Tickets
  readonly letters: Pick<Letters, 'possible' | 'allow' | 'send'>
  readonly first: FirstVisit
}

export interface PeopleOptions {
  readonly shelves: Shelves
  readonly accounts: AccountBook
  readonly clock: Clock
  readonly log: Log
  readonly config: () => Config
  readonly random: (octets: number) => Buffer
  readonly secret: Buffer
  /** Told of each session that was ended, by what names it. */
  readonly ended?: (session: string) => void
  readonly letters?: PeopleSite['letters']
}

const noLetters: PeopleSite['letters'] = {
  possible: false,
  allow: () => false,
  send: () => Promise.reject(new Error('no mail server is configured')),
}

export function peopleSite(options: PeopleOptions): PeopleSite {
  const { accounts, config, shelves, secret, letters = noLetters } = options
  const find = accounts.find.bind(accounts)
  const elsewhere = () => isElsewhere(config())
  return {
    people: new Sessions({ ...options, find, elsewhere }),
    settings: new SettingsShelf(shelves, secret),
    addresses: new MailAddresses({ shelves, find, secret }),
    tickets: new Tickets(options),
    letters,
    first: new FirstVisit({ ...options, elsewhere }),
  }
}

/** Whether names without an account here are asked for elsewhere. */
export const isElsewhere = ({ auth }: Config): boolean => auth.program.length > 0 || auth.url !== ''
