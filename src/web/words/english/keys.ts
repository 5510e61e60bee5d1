/** The list of keys that pages listen to. */
export const keys = {
  heading: 'Keyboard shortcuts',
  close: 'Close',
  enter: 'Enter',
  space: 'Space',
  nextPrevious: 'Next and previous in a list, or in a thread',
  open: 'Open what is marked',
  readOn: 'Read on, at the end of an article to the next unread one',
  write: 'New article',
  reply: 'Reply, reply with quote',
  unread: 'Mark as unread',
  mute: 'Ignore the thread',
  fold: 'Fold or unfold all quotes',
  search: 'Search, or filter a list',
  index: 'All newsgroups',
  help: 'This list',
  settings: 'They are never taken while you type, and can be switched off in the settings.',
}
