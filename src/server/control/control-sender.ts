/** Sends over net-ipc one message after the other: of several that wait for room it wakes only half. */

interface Carrier {
  /** net-ipc's: resolves with an Error, never settles where the connection closes while it waits for room. */
  send(message: object): Promise<unknown>
}

/** Messages that may wait: more come only from a client that asks and never reads. */
const mostWaiting = 256

export class ControlSender {
  readonly #carrier: Carrier
  #last: Promise<void> = Promise.resolve()
  #waiting = 0
  #gone = false
  #lose: (error: Error) => void = () => {}

  constructor(carrier: Carrier) {
    this.#carrier = carrier
  }

  /** Resolves when there is room for the next; rejects where the connection is gone. */
  send(message: object): Promise<void> {
    if (this.#waiting >= mostWaiting) return Promise.reject(new Error('too many messages wait to be sent'))
    this.#waiting++
    const sent = this.#last.then(() => this.#one(message)).finally(() => this.#waiting--)
    this.#last = sent.catch(() => {})
    return sent
  }

  /** The connection is closed. */
  close(): void {
    this.#gone = true
    this.#lose(new Error('the connection is closed'))
  }

  #one(message: object): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#lose = reject
      if (this.#gone) return reject(new Error('the connection is closed'))
      this.#carrier.send(message).then(
        outcome => (outcome instanceof Error ? reject(outcome) : resolve()),
        error => reject(error),
      )
    })
  }
}
