/** Writing an article. */
export const post = {
  newArticle: 'New article',
  reply: 'Reply',
  name: 'Your name (optional)',
  address: 'Your mail address',
  newsgroups: 'Newsgroups',
  subject: 'Subject',
  body: 'Text',
  hint: 'What you post is public, may be copied to other servers, and cannot be called back for certain.',
  send: 'Post',
  wrote: (author: string) => `${author} wrote:`,
  byMail: 'The author asks for replies by mail, not in the newsgroup.',
  oldForm: 'This form was not shown to this browser, or too long ago. Your text is kept: post again.',
  incomplete: 'The article was not posted. See below what is missing.',
  refused: (reason: string) => `The article was not posted. The server says: ${reason}.`,
  later: (reason: string) => `The article was not posted, and can be in a while. The server says: ${reason}.`,
  sentBefore: 'This form has been posted before with another text. To post this text as well, post again.',
  theArticle: 'The article that was posted',
  held: {
    heading: 'Held for release',
    text: 'Your article is kept, and appears in the newsgroup when an administrator has released it.',
  },
  mailed: {
    heading: 'Sent to the moderator',
    text: 'The newsgroup is moderated: your article appears there when the moderator has approved it.',
  },
}
