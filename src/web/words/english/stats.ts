/** Statistics. */
export const stats = {
  heading: 'Statistics',
  summary: (articles: string, size: string) => `${articles} counted, ${size}.`,
  late: (articles: string) => `${articles} more are still to be counted.`,
  table: 'As a table',
  what: 'What',
  count: 'Articles',
  from: 'From',
  to: 'To',
  flow: 'Ways that articles took to this server',
  longer: 'longer',
  upTo: (span: string) => `up to ${span}`,
  titles: {
    days: 'Articles a day',
    growth: 'Articles in all, by month',
    hours: 'Articles by hour of the day (UTC)',
    weekdays: 'Articles by day of the week (UTC)',
    delays: 'From writing to arrival here, of articles from peers',
    groups: 'Groups with most articles',
    posters: 'Who wrote most',
  },
  none: { heading: 'No statistics', text: 'This server counts nothing.' },
}
