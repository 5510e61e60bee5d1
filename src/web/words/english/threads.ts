/** Conversations: how they are listed, and one of them. */
export const threads = {
  views: 'How the articles are shown',
  asThreads: 'Threads',
  asTree: 'Tree',
  asList: 'List',
  unread: 'new',
  /** `count` is a number in words. */
  countUnread: (count: string) => `${count} new`,
  others: 'and others',
  more: (articles: string) => `${articles} more`,
  since: (articles: string) =>
    `Of this group the newest ${articles} are shown as threads. The list has all of them.`,
  summary: (articles: string, threads: string) => `${articles} in ${threads}`,
  heading: 'Thread',
  wholeThread: 'Read the whole thread',
  onOnePage: 'On one page',
  mailbox: 'As a mailbox',
  missing: 'An article that is not here',
  before: '‹ Previous in thread',
  behind: 'Next in thread ›',
  nextUnread: 'Next new ›',
  answers: 'in answer to',
  bodies: 'Articles of this thread',
  readOn: 'The whole article',
  at: (place: string, count: string) => `${place} of ${count}`,
  pageBefore: '‹ Previous page',
  pageBehind: 'Next page ›',
}
