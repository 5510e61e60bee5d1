/** What is read, and going on from there. */
export const reading = {
  markRead: 'Mark read to here',
  undo: 'Undo',
  caughtUp: (groups: string) => `Marked as read in ${groups}.`,
  unreadIn: (group: string) => `Unread in ${group}`,
  further: 'Further ›',
  allRead: 'Everything here is read.',
  hidden: (articles: string) => `${articles} hidden by your rules.`,
  hiddenHere: (count: string) => `${count} hidden on this page by your rules.`,
  showHidden: 'Show them',
  saved: 'Saved articles',
  noneSaved: 'You have saved no article. Each has a button for it.',
  save: 'Save',
  forget: 'Remove from saved',
  forgetOf: (subject: string) => `Remove from saved: ${subject}`,
  tooManySaved: (most: string) => ({
    heading: 'Not saved',
    text: `There is room for ${most} articles, and no more.`,
  }),
  markUnread: 'Mark as unread',
  nothingUnread: {
    heading: 'Nothing unread',
    text: 'Everything in the groups you subscribe to is read.',
    subscribeFirst: 'You do not subscribe to any group yet. The list of groups has a button beside each.',
  },
}
