/** What a subject is about, without the marks that mailers put around it. RFC 5256 2.1 */

export interface BaseSubject {
  /** Lower case; empty where nothing but marks was there. */
  readonly base: string
  /** It begins with `Re:`, be it behind a `[list]`. */
  readonly reply: boolean
}

/** More of a subject tells nothing more. */
const longest = 500

/** RFC 5256 5: subj-blob, subj-refwd. */
const blob = /^\[[^[\]]*\]\s*/
const mark = /^(re|fwd?)\s*(?:\[[^[\]]*\]\s*)?:\s*/i
const trailer = /(?:\s*\(fwd\))+$/i

/** `subject` is decoded. */
export function baseSubject(subject: string): BaseSubject {
  let rest = subject.slice(0, longest).replace(/\s+/g, ' ').trim()
  let first = ''
  for (;;) {
    // RFC 5256 2.1 (2)
    rest = rest.replace(trailer, '')
    const led = withoutLeader(rest)
    rest = led.rest
    first ||= led.first
    // RFC 5256 2.1 (6)
    const forwarded = /^\[fwd:(.*)\]$/i.exec(rest)?.[1]
    if (forwarded === undefined) break
    first ||= 'fwd'
    rest = forwarded.trim()
  }
  return { base: rest.toLowerCase(), reply: first.toLowerCase() === 're' }
}

/** RFC 5256 2.1 (3) to (5). `first` is the mark that stood foremost. */
function withoutLeader(subject: string): { readonly rest: string; readonly first: string } {
  let rest = subject
  let first = ''
  for (;;) {
    const bare = withoutBlobs(rest)
    const marked = mark.exec(bare)
    if (marked !== null) {
      first ||= marked[1] ?? ''
      rest = bare.slice(marked[0].length)
      continue
    }
    const box = blob.exec(rest)
    // RFC 5256 2.1 (4): not where nothing would be left.
    if (box === null || box[0].length === rest.length) return { rest, first }
    rest = rest.slice(box[0].length)
  }
}

function withoutBlobs(subject: string): string {
  let rest = subject
  for (let box = blob.exec(rest); box !== null; box = blob.exec(rest)) rest = rest.slice(box[0].length)
  return rest
}
