/** Taking an article back. */
export const cancel = {
  heading: 'Cancel article',
  action: 'Cancel',
  edit: 'Edit',
  about:
    'The article disappears here, and other servers are asked to remove it. Who has read it has read it, and not every server obeys.',
  yes: 'Cancel the article',
  no: 'Keep it',
  failed: 'Not cancelled',
  done: {
    heading: 'Cancelled',
    text: 'The article is removed here, and other servers are asked to remove it.',
  },
  notOwn: {
    heading: 'Not your article',
    text: 'Only who posted an article here, under the account that is signed in, can edit or cancel it; or it is gone already.',
  },
  notEditable: {
    heading: 'Cannot be edited here',
    text: 'This article holds more than plain text, which the form would lose. You can cancel it and post another one.',
  },
}
