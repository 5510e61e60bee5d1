/** What a node has promised about articles that others take away: the article and what it does, or neither. */
import type { Poster, Verdict } from '../../src/feed/feed.ts'
import type { Node } from '../../src/feed/node.ts'
import type { Storage } from '../../src/storage/storage.ts'
import { anyone, proto } from '../support/node.ts'
import type { Model } from './model.ts'

/** Has an account, so what is posted by it has a lock of its own. */
export const alice: Poster = { ...anyone, account: 'alice', mayApprove: () => false }
const bob: Poster = { ...alice, account: 'bob' }

interface Sent {
  readonly by: string
  readonly target: string
}

export interface Withdrawing {
  readonly node: Node
  readonly random: () => number
  readonly newId: () => string
  /** The node is dead: what is heard now counts for nothing. */
  readonly isOver: () => boolean
}

export class WithdrawModel {
  carriedOut = 0
  readonly #model: Model
  /** Alice tried to post them; of those in `#sure` it is known that the one here is hers. */
  readonly #tried = new Set<string>()
  readonly #sure = new Set<string>()
  /** A cancel of hers was there before: no posting of hers may be taken any more. */
  readonly #shut = new Set<string>()
  /** Articles that take others away. Another article under the id of one would do nothing of the kind. */
  readonly #acts = new Set<string>()
  /** Those of this life that have all or nothing to show after it. */
  #sent: Sent[] = []

  constructor(model: Model) {
    this.#model = model
  }

  /** With a model of its own. */
  copy(model: Model): WithdrawModel {
    const copy = new WithdrawModel(model)
    for (const id of this.#tried) copy.#tried.add(id)
    for (const id of this.#sure) copy.#sure.add(id)
    for (const id of this.#shut) copy.#shut.add(id)
    for (const id of this.#acts) copy.#acts.add(id)
    copy.#sent = [...this.#sent]
    return copy
  }

  isAct(id: string): boolean {
    return this.#acts.has(id)
  }

  /** Sometimes one that was cancelled before it came. */
  nextId({ random, newId }: Pick<Withdrawing, 'random' | 'newId'>): string {
    const shut = [...this.#shut]
    return (random() < 0.3 ? shut[Math.floor(random() * shut.length)] : undefined) ?? newId()
  }

  /** Posts an article as alice, so that she can take it away again. */
  async post(id: string, body: string, { node, isOver }: Withdrawing): Promise<Verdict> {
    this.#tried.add(id)
    const shut = this.#shut.has(id)
    const verdict = await node.feed.inject(article(id, {}, body), alice)
    if (isOver()) return verdict
    if (verdict.kind === 'rejected' && verdict.reason.name === 'cancelled') this.#model.cancelled(id)
    if (verdict.kind !== 'accepted') return verdict
    if (shut) throw new Error(`${id} was cancelled before it came, and was taken`)
    this.#sure.add(id)
    return verdict
  }

  /** A cancel or a superseding article, by its author or by somebody else; `undefined` where there is nothing to take. */
  async act(
    withdrawing: Withdrawing,
  ): Promise<{ readonly id: string; readonly verdict: Verdict } | undefined> {
    const { node, random, newId, isOver } = withdrawing
    const owned = [...this.#tried]
    const target = random() < 0.2 ? newId() : owned[Math.floor(random() * owned.length)]
    if (target === undefined) return undefined
    const id = newId()
    const body = `${id}\n`
    this.#acts.add(id)
    this.#model.submitted(id, body)
    const field = random() < 0.6 ? { Control: `cancel ${target}` } : { Supersedes: target }
    const isForged = random() < 0.3
    if (!isForged) this.#note({ by: id, target })
    const verdict = await node.feed.inject(article(id, field, body), isForged ? bob : alice)
    if (!isOver() && verdict.kind === 'accepted') this.#told(target, verdict, isForged)
    return { id, verdict }
  }

  /** What a start has found, before the model hears of it. Throws what is wrong. */
  async check(storage: Storage, mayExpire: (id: string) => Promise<boolean>): Promise<void> {
    for (const { by, target } of this.#sent) {
      if ((this.#model.fates.get(target)?.cancels ?? 0) > 1) continue
      const [filed, known] = [await storage.history.lookup(by), await storage.history.lookup(target)]
      if (filed === 'have' && known === 'have') throw new Error(`${by} is there, and so is ${target}`)
      if (filed === 'new' && known === 'gone' && !(await mayExpire(target)))
        throw new Error(`${target} was taken away by ${by}, which is not there`)
    }
    this.#sent = []
  }

  /** Where nothing else may have taken it away, all or nothing can be told afterwards. */
  #note(sent: Sent): void {
    const fate = this.#model.fates.get(sent.target)
    if (fate?.standing === 'present' && fate.cancels === 0 && this.#sure.has(sent.target))
      this.#sent.push(sent)
    this.#model.cancelSent(sent.target)
  }

  #told(target: string, { withdrawal }: Verdict & { kind: 'accepted' }, isForged: boolean): void {
    const result = withdrawal?.result
    if (isForged && result === 'done') throw new Error(`${target} was taken away by somebody else`)
    if (isForged || (result !== 'done' && result !== 'gone' && result !== 'remembered')) return
    if (result === 'remembered') this.#shut.add(target)
    else this.#model.cancelled(target)
    this.carriedOut += 1
  }
}

const article = (id: string, more: Record<string, string>, body: string): Buffer =>
  proto({ From: 'a@b.example', Newsgroups: 'local.a', Subject: id, 'Message-ID': id, ...more }, body)
