/** Texts that are kept and not posted yet. */
export const drafts = {
  heading: 'Drafts',
  about: 'Texts that you have not posted yet. They are kept for a year after you last touched them.',
  none: 'There are no drafts.',
  untitled: '(no subject)',
  /** Before the span since it was saved. */
  saved: 'saved',
  remove: 'Delete',
  save: 'Save draft',
  kept: 'The draft is saved.',
  keptByItself: 'Draft saved.',
  notKept: 'The draft could not be saved.',
  full: {
    heading: 'Too many drafts',
    text: 'The draft is not saved: you have as many as can be kept. Delete some that you do not need any more.',
  },
  large: {
    heading: 'Too long for a draft',
    text: 'The draft is not saved: the text is longer than what can be kept.',
  },
  gone: {
    heading: 'No such draft',
    text: 'You have no such draft: it has been posted or deleted.',
  },
}
