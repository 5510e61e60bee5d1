/** The functions of administrators over a few values, which writes down what was asked of it. */
import type {
  AccountState,
  Control,
  GroupState,
  HeldState,
  MailState,
  Office,
  PeerState,
} from '../../src/web/office.ts'

class Refused extends Error {
  readonly code = 'refused'
}

export class FakeOffice implements Office {
  readonly asked: string[] = []
  readonly groupRows: GroupState[] = []
  readonly peerRows: PeerState[] = []
  readonly accountRows: AccountState[] = []
  readonly mailRows: MailState[] = []
  readonly heldRows: { readonly row: HeldState; readonly text: Buffer }[] = []
  readonly refused: ReturnType<Office['refusals']['latest']> = []
  /** Why what is asked next is refused. */
  refusal = ''
  troubles: readonly string[] = []
  readonly refusals: Office['refusals'] = { latest: () => this.refused }
  readonly control: Control

  constructor() {
    const did = async (...words: readonly string[]) => {
      this.asked.push(words.join(' '))
      if (this.refusal !== '') throw new Refused(this.refusal)
    }
    this.control = {
      status: async () => this.#state(),
      groups: wildmat => this.#groups(wildmat),
      addGroup: async ({ name, status, description }) => did('add', name, `${status}`, `${description}`),
      setGroup: async ({ name, status, description }) => did('set', name, `${status}`, `${description}`),
      removeGroup: name => did('remove', name),
      peers: {
        list: async () => this.peerRows,
        start: async name => did('start', name).then(() => true),
        stop: async name => did('stop', name).then(() => true),
        flush: name => did('flush', name),
      },
      users: {
        list: () => oneBatch(this.accountRows),
        set: async ({ name, roles, disabled }, password) =>
          did('user', name, `${roles ?? '-'}`, `${disabled ?? '-'}`, password),
      },
      mail: {
        list: async () => this.mailRows,
        retry: id => did('retry', `${id ?? 'all'}`),
        drop: id => did('drop', `${id}`),
      },
      held: {
        list: () => oneBatch(this.heldRows.map(({ row }) => row)),
        find: async id => this.heldRows.find(({ row }) => row.messageId === id),
        release: id => did('release', id),
        reject: id => did('reject', id),
      },
    }
  }

  fault(error: unknown): Refused | undefined {
    return error instanceof Refused ? error : undefined
  }

  hold(id: string, { subject = 'Greetings', text = 'Hello.\r\n', newsgroups = ['local.test'] } = {}): void {
    const from = 'Ann <ann@example.invalid>'
    const row = { messageId: id, account: 'ben', address: '192.0.2.7', time: 0, newsgroups, from, subject }
    const head = `From: ${from}\r\nNewsgroups: ${newsgroups}\r\nSubject: ${subject}\r\nMessage-ID: ${id}\r\n`
    const date = 'Date: Sat, 21 Nov 2026 08:00:00 +0000\r\n'
    this.heldRows.push({ row, text: Buffer.from(`${head}${date}\r\n${text}`) })
  }

  async *#groups(wildmat: string): AsyncGenerator<readonly GroupState[]> {
    const exact = this.groupRows.filter(({ name }) => name === wildmat)
    if (wildmat.includes('[')) throw new Refused('no wildmat')
    yield wildmat.includes('*')
      ? this.groupRows.filter(({ name }) => name.includes(wildmat.replaceAll('*', '')))
      : exact
  }

  #state() {
    return {
      version: '1.2.3',
      uptime: 7200,
      pathIdentity: 'news.test',
      groups: 3,
      articles: 12,
      connections: 2,
      held: this.heldRows.length,
      journalBytes: 2000,
      freeBytes: 5_000_000,
      diskBytes: 9_000_000,
      search: { enabled: true, behind: 4, articles: 8 },
      warnings: ['running as root'],
      troubles: this.troubles,
    }
  }
}

async function* oneBatch<Row>(rows: readonly Row[]): AsyncGenerator<readonly Row[]> {
  yield rows
}
