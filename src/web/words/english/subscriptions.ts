/** The groups somebody subscribes to. */
export const subscriptions = {
  heading: 'Subscriptions',
  forVisitor:
    'You are not signed in: this is kept in a cookie of this browser alone, which has room for the groups you read last.',
  markAll: 'Mark all of them read',
  byPattern: 'By pattern',
  patterns: 'Groups, including future ones',
  patternsHint:
    'Such as comp.lang.*,!comp.lang.perl.* – the last pattern that matches decides, and ! takes away. A group that you subscribed to or left by its own button goes its own way.',
  badPatterns: 'This is no list of patterns: no blanks inside, no brackets, nothing empty between commas.',
  save: 'Save',
  saved: 'Saved.',
  newsrc: 'From a newsreader',
  newsrcText: 'The text of a .newsrc',
  newsrcHint: 'What it says is read is added to what you have read here.',
  numbers: 'Article numbers too: the file is of this server, not of another',
  opml: 'From a feed reader',
  opmlText: 'The text of an OPML file',
  opmlHint: 'Feeds of newsgroups become subscriptions; others are skipped.',
  take: 'Import',
  taken: (groups: string) => `${groups} imported.`,
  absent: (groups: string) => `${groups} skipped, because this server does not have them.`,
  odd: (lines: string) => `${lines} could not be read.`,
  saveNewsrc: 'Save as .newsrc',
  saveOpml: 'Save as OPML, with a feed for each group',
}
