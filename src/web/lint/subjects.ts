/** Rules about the subject and the thread it stands in. RFC 5536 3.1.6, RFC 5322 3.6.5, RFC 1855 3.1.1 */
import type { Rule } from './writing.ts'

/** `Re: `, however often and in whichever language, and the mark of an older change. */
const bare = (subject: string): string =>
  subject
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .replace(/^(?:\s*(?:re|aw|sv|antw)(?:\[\d{1,3}\])?:\s*)+/i, '')
    .replace(/\((?:was|war):[^()]*\)\s*$/i, '')
    .trim()

const leastLetters = 8

export const capitals: Rule = {
  finds: ({ subject }) => {
    const letters = bare(subject).match(/\p{L}/gu) ?? []
    const shouted = letters.length >= leastLetters && letters.every(letter => /\p{Lu}/u.test(letter))
    return shouted ? '' : undefined
  },
  mends: ({ subject }) => {
    const [reply = ''] = /^re:\s*/i.exec(subject) ?? []
    const [first = '', ...rest] = subject.slice(reply.length)
    return { subject: `${reply === '' ? '' : 'Re: '}${first}${rest.join('').toLowerCase()}` }
  },
}

/** A reply under a subject that nobody sees it belongs to. */
export const changedSubject: Rule = {
  finds: ({ subject, parent }) => {
    if (parent === undefined || bare(subject) === bare(parent.subject)) return undefined
    return /\((?:was|war):/i.test(subject) ? undefined : bare(parent.subject)
  },
  mends: ({ subject, parent }) => ({ subject: `${bare(subject)} (was: ${bare(parent?.subject ?? '')})` }),
}

/** RFC 5322 3.6.5: `Re: ` is the one that programs know. */
export const foreignReply: Rule = {
  finds: ({ subject }) => /^(?:aw|sv|antw)(?:\[\d{1,3}\])?:/i.exec(subject)?.[0],
  mends: ({ subject }) => ({ subject: `Re: ${bare(subject)}` }),
}

const yearSeconds = 365 * 86_400

/** Its author may not read here any more. */
export const oldParent: Rule = {
  finds: ({ now, parent }) =>
    parent?.date !== undefined && now - parent.date > yearSeconds
      ? new Date(parent.date * 1000).toISOString().slice(0, 10)
      : undefined,
}

const isTest = (text: string): boolean => /^(?:(?:just )?a )?tests?(?:ing)?(?: \d+)?[.!]*$/i.test(text)

export const strayTest: Rule = {
  finds: ({ subject, groups }) =>
    isTest(bare(subject)) && groups.some(name => !/(?:^|[.-])tests?(?:$|[.-])/.test(name))
      ? bare(subject)
      : undefined,
}
