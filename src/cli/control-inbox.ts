/** Messages of one stream that were not taken yet: the node sends no more than its window ahead. */
import type { AnswerMessage } from '../server/control/control-message.ts'
import type { ControlFault } from '../server/control/node-control.ts'

export class ControlInbox {
  readonly #messages: AnswerMessage[] = []
  #fault: ControlFault | undefined
  #wake: () => void = () => {}

  put(message: AnswerMessage): void {
    this.#messages.push(message)
    this.#wake()
  }

  /** `cancelled` counts at once, any other fault behind what came before it. */
  end(fault: ControlFault): void {
    this.#fault ??= fault
    this.#wake()
  }

  async take(): Promise<AnswerMessage> {
    for (;;) {
      if (this.#fault?.code === 'cancelled') throw this.#fault
      const message = this.#messages.shift()
      if (message !== undefined) return message
      if (this.#fault !== undefined) throw this.#fault
      await new Promise<void>(resolve => {
        this.#wake = resolve
      })
    }
  }
}
