/** What is read, and going on from there. */
export const reading = {
  markRead: 'Mark read to here',
  undo: 'Undo',
  caughtUp: (groups: string) => `Marked as read in ${groups}.`,
  unreadIn: (group: string) => `Unread in ${group}`,
  further: 'Further ›',
  allRead: 'Everything here is read.',
  hidden: (articles: string) => `${articles} hidden by your rules.`,
  showHidden: 'Show them',
  nothingUnread: {
    heading: 'Nothing unread',
    text: 'Everything in the groups you subscribe to is read.',
    subscribeFirst: 'You do not subscribe to any group yet. The list of groups has a button beside each.',
  },
}
