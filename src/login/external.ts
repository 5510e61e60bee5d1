/** User bases elsewhere: a program or a URL of the configuration that is asked about names that are not stored here. */
import { z } from 'zod'
import type { AccountName } from '../account.ts'
import { isAccountGroup } from '../account.ts'
import { type Role, roles } from '../client.ts'
import type { Clock } from '../clock.ts'
import { runProgram } from '../run-program.ts'

export interface Asked {
  readonly name: AccountName
  readonly password: string
  readonly address: string
}

export interface ExternalAccount {
  readonly roles: readonly Role[]
  readonly groups: readonly string[]
}

export interface ExternalSettings {
  readonly program: readonly string[]
  readonly url: string
}

const deadline = 5_000
const mostOctets = 65_536
/** Questions at once; more wait with nobody. */
const mostAsked = 8

/** Nothing where neither is configured. The settings are looked at for each question, so that a reload counts. */
export class Elsewhere {
  readonly #settings: () => ExternalSettings
  readonly #clock: Clock
  #asking = 0

  constructor(settings: () => ExternalSettings, clock: Clock) {
    this.#settings = settings
    this.#clock = clock
  }

  get configured(): boolean {
    const { program, url } = this.#settings()
    return program.length > 0 || url !== ''
  }

  /** Undefined = no. Rejects where it could not be asked. */
  async ask(asked: Asked): Promise<ExternalAccount | undefined> {
    const { program, url } = this.#settings()
    if (this.#asking >= mostAsked) throw new Error('too many questions at once')
    this.#asking += 1
    try {
      return program.length > 0 ? await this.#askProgram(program, asked) : await this.#askUrl(url, asked)
    } finally {
      this.#asking -= 1
    }
  }

  async #askProgram(command: readonly string[], { name, password, address }: Asked) {
    // No line of it can hold a line end: RFC 4013 forbids controls.
    const input = `user ${name}\npass ${password}\naddress ${address}\n\n`
    const output = await runProgram({ command, input, clock: this.#clock, deadline, most: mostOctets })
    return parseAnswer(output)
  }

  async #askUrl(url: string, { name, password, address }: Asked) {
    const abort = new AbortController()
    const timer = this.#clock.timer(deadline, () =>
      abort.abort(new Error(`no answer in ${deadline / 1000} s`)),
    )
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body: JSON.stringify({ user: name, password, address }),
        // A password is told to whom the configuration names, and to nobody it is sent on to.
        redirect: 'error',
        signal: abort.signal,
      })
      if (response.status === 401 || response.status === 403) return undefined
      if (!response.ok) throw new Error(`${url} answered ${response.status}`)
      const answer = answerSchema.parse(JSON.parse(await bounded(response)))
      return answer.ok ? { roles: answer.roles, groups: answer.groups } : undefined
    } finally {
      timer.cancel()
      abort.abort()
    }
  }
}

const answerSchema = z.object({
  ok: z.boolean(),
  roles: z.array(z.enum(roles)).default(['reader', 'poster']),
  groups: z.array(z.string().refine(isAccountGroup)).max(100).default([]),
})

async function bounded(response: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let octets = 0
  for await (const chunk of response.body ?? []) {
    octets += chunk.length
    if (octets > mostOctets) throw new Error(`an answer of more than ${mostOctets} octets`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}

/** `ok` or `no`, then `role NAME` and `group NAME` lines. Throws where it is anything else. */
export function parseAnswer(text: string): ExternalAccount | undefined {
  const [verdict, ...lines] = text.split(/\r?\n/).filter(line => line !== '')
  if (verdict === 'no') return undefined
  if (verdict !== 'ok') throw new Error('expected "ok" or "no" in the first line')
  const given = (word: string) =>
    lines.flatMap(line => (line.startsWith(`${word} `) ? [line.slice(word.length + 1)] : []))
  const named = given('role')
  const answer = answerSchema.parse({
    ok: true,
    groups: given('group'),
    ...(named.length > 0 && { roles: named }),
  })
  if (lines.some(line => !/^(?:role|group) /.test(line)))
    throw new Error('expected "role NAME" or "group NAME"')
  return answer
}
