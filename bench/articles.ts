/** Articles made for measuring: the same for every server and every run, told apart by their number. */

export interface ArticleOptions {
  /** Octets of the body, about; the header adds about 400. */
  readonly octets: number
  readonly groups: readonly string[]
  /** Two series never share a message-ID. */
  readonly series: string
}

const words =
  'the of and to in that is was for it with as his on be at by had not are but from or have an they which one you were her all she there would their we him been has when who will more no if out so said what up its about into than them can only other new some could time these two may then do first any my now such like our over man me even most made after also did many before must through back years where much your way well down should because each just those people how too little state good very make world still own see men work long get here between both life being under never day same another know while last might us great old year off come since against go came right used take three'
const subjects = 'Re: measuring a news server'
const lineOctets = 70
const textOctets = 1024 * 1024

export class Articles {
  readonly #options: ArticleOptions
  readonly #text: Buffer
  /** Offsets at which a line of the text begins. */
  readonly #starts: readonly number[]
  readonly #date: string

  constructor(options: ArticleOptions) {
    this.#options = options
    const { text, starts } = prose(Math.max(textOctets, options.octets * 2))
    this.#text = text
    this.#starts = starts
    this.#date = new Date().toUTCString().replace('GMT', '+0000')
  }

  /** The same but for the series. */
  another(series: string): Articles {
    return new Articles({ ...this.#options, series })
  }

  id(number: number): string {
    return `<${number}.${this.#options.series}@bench.example>`
  }

  group(number: number): string {
    const { groups } = this.#options
    return groups[number % groups.length] ?? 'bench.none'
  }

  header(number: number): string {
    const references = number < 10 ? '' : `References: ${this.id(number - 10)}\r\n`
    return (
      'Path: feeder.bench!not-for-mail\r\n' +
      `From: Reader ${number % 97} <reader${number % 97}@bench.example>\r\n` +
      `Newsgroups: ${this.group(number)}\r\n` +
      `Subject: ${subjects}, part ${number}\r\n` +
      `Date: ${this.#date}\r\n` +
      `Message-ID: ${this.id(number)}\r\n${references}` +
      'User-Agent: bench/1\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\n\r\n'
    )
  }

  /** Whole lines; no line begins with a dot. */
  body(number: number): Buffer {
    const { octets } = this.#options
    const last = this.#starts.length - Math.ceil(octets / lineOctets) - 2
    const from = this.#starts[(number * 7919) % last] ?? 0
    const end = this.#text.indexOf('\r\n', from + octets - lineOctets)
    return this.#text.subarray(from, end + 2)
  }

  /** The article with its terminator, as it follows TAKETHIS or 335. */
  block(number: number): Buffer {
    return Buffer.concat([Buffer.from(this.header(number), 'latin1'), this.body(number), ending])
  }

  takethis(number: number): Buffer {
    const head = `TAKETHIS ${this.id(number)}\r\n${this.header(number)}`
    return Buffer.concat([Buffer.from(head, 'latin1'), this.body(number), ending])
  }

  /** As part of an rnews batch: LF line ends, its length in front. */
  batched(number: number): Buffer {
    const text = Buffer.concat([Buffer.from(this.header(number), 'latin1'), this.body(number)])
    const article = Buffer.from(text.toString('latin1').replaceAll('\r\n', '\n'), 'latin1')
    return Buffer.concat([Buffer.from(`#! rnews ${article.length}\n`), article])
  }
}

const ending = Buffer.from('.\r\n')

/** Lines of words in an order that does not repeat soon, so that it compresses as people's texts do. */
function prose(octets: number): { text: Buffer; starts: number[] } {
  const vocabulary = words.split(' ')
  const lines: string[] = []
  const starts: number[] = []
  let length = 0
  let state = 1
  while (length < octets) {
    let line = ''
    while (line.length < lineOctets - 8) {
      state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff
      line += `${vocabulary[(state >> 8) % vocabulary.length]} `
    }
    starts.push(length)
    lines.push(`${line.trimEnd()}\r\n`)
    length += line.trimEnd().length + 2
  }
  return { text: Buffer.from(lines.join(''), 'latin1'), starts }
}
