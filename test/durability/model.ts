/** What a node has promised, by the plainest means: who acknowledged what, and which number was ever whose. */

export type Standing =
  /** Acknowledged, or seen by a reader. */
  | 'present'
  /** A cancel was acknowledged. */
  | 'gone'
  /** Not acknowledged: both is right. */
  | 'unknown'

export interface Filed {
  readonly group: number
  readonly number: number
}

interface Fate {
  /** Empty for an article that was only cancelled. */
  body: string
  standing: Standing
  /** So many cancels were sent in this life, and it is not known what became of them. */
  cancels: number
  /** Where it was seen. */
  readonly filings: Filed[]
}

export class Model {
  readonly fates = new Map<string, Fate>()
  readonly #owners = new Map<string, string>()
  readonly #highest = new Map<number, number>()
  acknowledged = 0
  expired = 0

  copy(): Model {
    const copy = new Model()
    for (const [id, fate] of this.fates) copy.fates.set(id, { ...fate, filings: [...fate.filings] })
    for (const [key, owner] of this.#owners) copy.#owners.set(key, owner)
    for (const [group, number] of this.#highest) copy.#highest.set(group, number)
    copy.acknowledged = this.acknowledged
    copy.expired = this.expired
    return copy
  }

  submitted(id: string, body: string): void {
    const fate = this.fates.get(id)
    if (fate === undefined) this.fates.set(id, { body, standing: 'unknown', cancels: 0, filings: [] })
    else if (fate.body === '') fate.body = body
  }

  present(id: string, filings: readonly Filed[]): void {
    const fate = this.fates.get(id)
    if (fate === undefined) throw new Error(`${id} was never posted`)
    this.acknowledged++
    if (fate.standing !== 'gone') fate.standing = 'present'
    for (const { group, number } of filings) this.saw(id, group, number)
  }

  /** A number once seen is that article's for ever. */
  saw(id: string, group: number, number: number): void {
    const key = `${group}/${number}`
    const owner = this.#owners.get(key)
    if (owner !== undefined && owner !== id) throw new Error(`number ${key} was of ${owner} and is of ${id}`)
    if (owner === undefined) this.fates.get(id)?.filings.push({ group, number })
    this.#owners.set(key, id)
    this.#highest.set(group, Math.max(this.#highest.get(group) ?? 0, number))
  }

  cancelSent(id: string): void {
    this.submitted(id, '')
    const fate = this.fates.get(id)
    if (fate) fate.cancels += 1
  }

  cancelled(id: string): void {
    this.acknowledged++
    const fate = this.fates.get(id)
    if (fate) fate.standing = 'gone'
  }

  /** Its time had come: remembered as gone, or forgotten because a copy would be too old. */
  expire(id: string, known: string): void {
    const fate = this.fates.get(id)
    if (fate?.standing !== 'present') return
    this.expired++
    fate.standing = known === 'gone' ? 'gone' : 'unknown'
    fate.filings.length = 0
  }

  /** What a start has found; throws where that breaks a promise. `found` is the body, undefined where it is not there. */
  found(id: string, found: string | undefined): void {
    const fate = this.fates.get(id)
    if (fate === undefined) throw new Error(`${id} was never posted`)
    const { standing, cancels, body } = fate
    if (found === undefined && standing === 'present' && cancels === 0) throw new Error(`${id} is lost`)
    if (found !== undefined && standing === 'gone') throw new Error(`${id} has come back`)
    if (found !== undefined && found !== body) throw new Error(`${id} is not as it was posted`)
    if (found !== undefined) fate.standing = 'present'
    else if (standing !== 'gone') fate.standing = 'unknown'
    fate.cancels = standing === 'gone' ? 1 : 0
  }

  highest(group: number): number {
    return this.#highest.get(group) ?? 0
  }
}
