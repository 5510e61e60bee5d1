/** One article. */
export const article = {
  reply: 'Reply',
  parent: 'Parent',
  allHeaders: 'All headers',
  fewerHeaders: 'Fewer headers',
  rot13: 'ROT13',
  plain: 'Plain',
  raw: 'Raw',
  older: '‹ Older',
  newer: 'Newer ›',
  files: 'Files',
  actions: 'This article',
  neighbours: 'Neighbours in the group',
  quoted: (lines: string) => `${lines} quoted`,
  spoiler: (lines: string) => `Spoiler: ${lines} hidden`,
  html: 'This article has no plain text: what follows are the words of its HTML.',
  cut: 'This article is very long: only its beginning is shown, the raw article has all.',
}
