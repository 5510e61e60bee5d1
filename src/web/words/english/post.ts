/** Writing an article. */
export const post = {
  newArticle: 'New article',
  reply: 'Reply',
  edit: 'Edit article',
  name: 'Your name (optional)',
  address: 'Your mail address',
  addressHint:
    'Everybody sees it. What you post with first is kept in the settings and filled in here from then on.',
  newsgroups: 'Newsgroups',
  newsgroupsHint: 'Several are separated by commas.',
  followupTo: 'Follow-ups to (optional)',
  followupToHint: 'Where the discussion goes on: one of the newsgroups, or “poster” for mail to you.',
  subject: 'Subject',
  body: 'Text',
  bodyHint: 'Long lines are broken when the article is posted, so that every newsreader shows them well.',
  hint: 'What you post is public, may be copied to other servers, and cannot be called back for certain.',
  send: 'Post',
  preview: 'Preview',
  previewHeading: 'Preview',
  previewHint: 'This is how the article will be read. Nothing has been posted yet.',
  previewHeaders: 'Headers',
  wrote: (author: string) => `${author} wrote:`,
  cutHere: '[…]',
  withoutQuotation: 'Reply without the quotation',
  withQuotation: 'Reply with a quotation',
  byMail: (address: string) =>
    `The author asks for replies by mail, not in the newsgroup. The address is ${address}`,
  moderated: (groups: string) =>
    `${groups} is moderated: the article goes to the moderator first, and appears when they have approved it.`,
  notHere: (groups: string) =>
    `This server does not have ${groups}: the article appears there only on servers that do.`,
  perhapsSignedIn: 'You are not signed in. With an account you may be allowed to.',
  signIn: 'Sign in (in a new window)',
  oldForm: 'This form was not shown to this browser, or too long ago. Your text is kept: post again.',
  sessionOver:
    'Your session has ended: you are not signed in any longer. Your text is kept: sign in again in a new window, and then post here once more.',
  otherPerson:
    'You are not signed in as you were when you began. Your text is kept: sign in in another window if you like, and post again here.',
  incomplete: 'The article was not posted. This is missing or wrong:',
  refused: (reason: string) => `The article was not posted. ${reason}`,
  refusedFor: (reason: string) => `The article was not posted. The server says: ${reason}.`,
  tryAgain: (span: string) => `You can try again ${span}.`,
  sentBefore: 'This form has been posted before with another text. To post this text as well, post again.',
  lost: 'The article you were editing is gone, or is not yours. Your text is kept: post again to post it as a new article.',
  theArticle: 'The article that was posted (in a new window)',
  held: {
    heading: 'Held for release',
    text: 'Your article is kept, and appears in the newsgroup when an administrator has released it.',
  },
  mailed: {
    heading: 'Sent to the moderator',
    text: 'The newsgroup is moderated: your article appears there when the moderator has approved it.',
  },
}
