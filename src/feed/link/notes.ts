/** What was found out while a link was opened, in words for whoever looks after it. RFC 4642, RFC 4643, RFC 8054 */
import type { Clock } from '../../clock.ts'
import { safeText } from '../../reason.ts'
import type { LinkEvent } from './open.ts'
import type { TlsFault, TlsReport } from './secure.ts'

interface Note {
  readonly what: string
  readonly text: string
}

const longestList = 1_000

export class LinkNotes {
  readonly #address: string
  readonly #clock: Clock
  readonly #began: number
  readonly #notes: Note[] = []
  #connected: { readonly local: string; readonly remote: string; readonly took: number } | undefined
  #encrypted = false
  /** The last list counts: TLS and a login change it. */
  #list: string[] | undefined

  constructor(address: string, clock: Clock) {
    this.#address = address
    this.#clock = clock
    this.#began = clock.monotonic()
  }

  get connected(): boolean {
    return this.#connected !== undefined
  }

  get ends(): { readonly local: string; readonly remote: string } {
    const { local = '', remote = '' } = this.#connected ?? {}
    return { local, remote }
  }

  /** Labels; undefined where the command is unknown there. */
  get capabilities(): ReadonlySet<string> | undefined {
    return this.#list && new Set(this.#list.map(line => (line.split(/[ \t]/)[0] ?? '').toUpperCase()))
  }

  add(event: LinkEvent): void {
    if (event.kind === 'connected') {
      const { local, remote } = event
      this.#connected = { local, remote, took: Math.round(this.#clock.monotonic() - this.#began) }
    } else if (event.kind === 'tls') this.#addTls(event.report)
    else if (event.to === 'CAPABILITIES') this.#addCapabilities(event.line)
    else if (!event.line.startsWith('381')) this.#add(labels[event.to] ?? event.to, event.line)
  }

  /** The certificate that was not good enough is shown too. */
  fault({ report }: TlsFault): void {
    if (report !== undefined) this.#addTls(report)
  }

  *findings(): Generator<Note> {
    if (this.#connected !== undefined) {
      const { local, remote, took } = this.#connected
      const ends = remote === '' ? '' : `, from ${local} to ${remote}`
      const how = this.#encrypted ? 'encrypted' : 'not encrypted'
      yield { what: 'connection', text: `${this.#address}${ends}, ${took} ms, ${how}` }
    }
    yield* this.#notes
    if (this.#list !== undefined) yield { what: 'CAPABILITIES', text: safeList(this.#list) }
  }

  #add(what: string, text: string): void {
    this.#notes.push({ what, text: safeText(text) })
  }

  #addTls({ protocol, cipher, names, issuer, expires, fingerprint, by, showedOurs }: TlsReport): void {
    this.#encrypted = by !== 'nothing'
    this.#add('TLS', `${protocol} ${cipher}`)
    this.#add('certificate', `${names.join(', ')}; issued by ${issuer}; until ${expires}`)
    this.#add('its key', fingerprint)
    const trusts = { authority: 'by its authority', pin: 'by pin', nothing: 'no' }
    this.#add('trusted', trusts[by])
    this.#add('we show', showedOurs ? 'our certificate, where it asks for one' : 'no certificate')
  }

  #addCapabilities(line: string): void {
    if (/^101( |$)/.test(line)) this.#list = []
    else if (line === '.') return
    else if (this.#list === undefined || /^[45]\d\d /.test(line)) this.#add('CAPABILITIES', line)
    else this.#list.push(line)
  }
}

const labels: Readonly<Record<string, string>> = {
  'AUTHINFO USER': 'login',
  'AUTHINFO PASS': 'login',
  'AUTHINFO SASL': 'login',
  'COMPRESS DEFLATE': 'COMPRESS',
}

const safeList = (lines: readonly string[]): string =>
  lines.length === 0 ? 'none' : lines.map(safeText).join(', ').slice(0, longestList)
