/** A password from standard input or from a terminal that does not show it. */
import { ControlFault } from '../server/control/node-control.ts'
import type { CliContext } from './context.ts'

const noTerminal = 'there is no terminal to ask on; give the password with --password-stdin, or --generate'

/** From a terminal it is asked for twice. Throws a `ControlFault` where it is empty, or not the same both times. */
export async function askPassword(
  { around }: CliContext,
  { fromInput }: { readonly fromInput: boolean },
): Promise<string> {
  const lines = new TypedLines(around.stdin)
  try {
    if (fromInput) return notEmpty(await lines.next())
    if (around.stdin.isTTY !== true || around.stdin.setRawMode === undefined)
      throw new ControlFault('usage', noTerminal)
    around.stdin.setRawMode(true)
    const ask = async (prompt: string) => {
      around.stderr.write(prompt)
      const line = await lines.next()
      around.stderr.write('\n')
      return line
    }
    const first = notEmpty(await ask('Password: '))
    if ((await ask('Again: ')) !== first)
      throw new ControlFault('refused', 'the two differ; nothing was changed')
    return first
  } finally {
    if (around.stdin.isTTY === true) around.stdin.setRawMode?.(false)
    lines.close()
  }
}

function notEmpty(password: string): string {
  if (password === '') throw new ControlFault('usage', 'the password is empty')
  return password
}

/** Lines as they are typed where the terminal does not gather them: with backspace, and Ctrl-C. */
class TypedLines {
  readonly #input: CliContext['around']['stdin']
  readonly #chunks: AsyncIterator<Buffer | string>
  #rest = ''

  constructor(input: CliContext['around']['stdin']) {
    this.#input = input
    this.#chunks = input[Symbol.asyncIterator]()
  }

  /** Up to the next line end, or what there is. */
  async next(): Promise<string> {
    let line = ''
    for (;;) {
      const end = /\r\n|[\r\n\x03\x04]/.exec(this.#rest)
      if (end !== null) {
        line += this.#rest.slice(0, end.index)
        this.#rest = this.#rest.slice(end.index + end[0].length)
        if (end[0] === '\x03') throw new ControlFault('cancelled', '')
        return corrected(line)
      }
      line += this.#rest
      this.#rest = ''
      const { done, value } = await this.#chunks.next()
      if (done === true) return corrected(line)
      this.#rest = value.toString()
    }
  }

  close(): void {
    this.#input.pause()
  }
}

/** Backspace takes the character before it. */
function corrected(line: string): string {
  const characters: string[] = []
  for (const character of line)
    if (character === '\x7f' || character === '\b') characters.pop()
    else characters.push(character)
  return characters.join('')
}
