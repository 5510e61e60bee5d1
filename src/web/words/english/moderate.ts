/** Articles that wait for release. */
export const moderate = {
  heading: 'Held for release',
  waiting: (articles: string) => `Waiting for you: ${articles}.`,
  text: 'Text',
  longer: 'The text goes on: this is its beginning.',
  reason: 'Reason, for the record',
  release: 'Release',
  reject: 'Reject',
  nobody: 'none',
  gone: 'That article does not wait any more, or is not yours to decide on. Nothing was changed.',
  facts: {
    from: 'Author',
    groups: 'Newsgroups',
    time: 'Posted',
    account: 'Account',
    address: 'Address',
    messageId: 'Message-ID',
    files: 'Files',
  },
}
