/** What stands around every page. */
export const page = {
  statistics: 'Statistics',
  skip: 'Skip to content',
  site: 'Site',
  groups: 'Groups',
  newArticle: 'New article',
  search: 'Search',
  trail: 'Where you are',
  pages: 'Pages',
  newest: '« Newest',
  newer: '‹ Newer',
  older: 'Older ›',
  noSubject: '(no subject)',
  /** Forms by plural rule, for the script; # is the count. */
  arrived: JSON.stringify({ one: '# new article', other: '# new articles' }),
  changed: 'New articles',
  feedOf: (name: string) => `Atom feed of ${name}`,
  feedOfThread: 'Atom feed of this thread',
  feedOfSearch: 'Atom feed of this search',
}
