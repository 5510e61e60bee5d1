/** Lists of newsgroups, and the list of articles of one. */
export const groups = {
  heading: 'Newsgroups',
  none: 'There is no newsgroup here that you may read yet.',
  noArticles: 'No articles here.',
  moderated: 'moderated',
  readOnly: 'read only',
  movedTo: (name: string) => `moved to ${name}`,
}
