/** The letter that tells the administrator what a control message asks for, and how to do it. */
import { printable } from '../../printable.ts'
import type { GroupChange } from './changes.ts'

export interface Asked {
  readonly type: string
  readonly from: string
  /** What is known of the signature. */
  readonly proof: string
  readonly messageId: string
  readonly changes: readonly GroupChange[]
}

/** Of a long list only so many lines are written out. */
const mostLines = 500
/** Characters of a stranger's address in the subject: a header line holds 998. RFC 5322 2.1.1 */
const longestName = 300

export function askedLetter({ type, from, proof, messageId, changes }: Asked) {
  const lines = changes.slice(0, mostLines).map(lineOf)
  const rest = changes.length - lines.length
  return {
    subject: `${type} from ${printable(from).slice(0, longestName)}`,
    text: [
      `A ${type} message of ${printable(from)} asks this server for changes of its newsgroups.`,
      `Its message-ID is ${printable(messageId)}. ${proof}`,
      'Nothing was changed. To have it so:',
      '',
      ...lines,
      ...(rest > 0 ? [`... and ${rest} more`] : []),
      '',
    ].join('\n'),
  }
}

/** As it may be typed: names have no octet that a shell knows, and what is a stranger's text stands behind a #. */
function lineOf(change: GroupChange): string {
  if (change.action === 'remove') return `tidings group remove ${change.name}`
  const { action, name, status, description } = change
  const option = status === undefined ? '' : ` --status ${status}`
  const text = description === undefined ? '' : `   # description: ${printable(description)}`
  return `tidings group ${action} ${name}${option}${text}`
}
