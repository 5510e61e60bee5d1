/** What could not be done, and why. */
export const trouble = {
  toGroups: 'To the list of newsgroups',
  toThread: 'Back to the thread',
  toGroup: (name: string) => `Back to ${name}`,
  openById: 'Open an article by its Message-ID',
  open: 'Open',
  pattern: { heading: 'No pattern', text: 'What was asked for is no pattern of newsgroups.' },
  tooManyStreams: {
    heading: 'Too many at once',
    text: 'Your address follows as many pages live as this server allows.',
  },
  crowded: {
    heading: 'Too many at once',
    text: 'As many pages are being made for your address as this server allows. Try again in a moment.',
  },
  page: { heading: 'No such page', text: 'There is nothing at this address.' },
  group: {
    heading: 'No such newsgroup',
    text: 'This server does not carry a newsgroup of that name.',
  },
  hierarchy: { heading: 'No such hierarchy', text: 'There is no newsgroup here whose name begins so.' },
  thread: {
    heading: 'No thread',
    text: 'The article is not shown in a thread: it is older than the articles of its group that are, or has just gone.',
  },
  article: {
    heading: 'No such article',
    text: 'This server has no article with that Message-ID: it may have expired, been cancelled, or never come here.',
  },
  itsThread: 'Search for articles that answer it',
  parent: { heading: 'No such article', text: 'The article you want to answer is not here.' },
  file: { heading: 'No such file', text: 'The article has no file of that number.' },
  foreignHost: {
    heading: 'Not this server',
    text: 'This server does not answer to the name in the address.',
  },
  foreignForm: {
    heading: 'Not done',
    text: 'The form came from another site, so nothing was done with it.',
  },
  oldForm: {
    heading: 'Not done',
    text: 'The form was not shown to this browser, or too long ago. Go back, load the page anew and try again.',
  },
  notAForm: { heading: 'Not done', text: 'This address takes the form that it shows, and nothing else.' },
  tooLarge: { heading: 'Not done', text: 'The text is larger than this server takes.' },
  wrongMethod: { heading: 'Not possible', text: 'This address can only be read.' },
  fault: { heading: 'Something went wrong', text: 'The fault is on this server and was written to its log.' },
  manyForms: {
    heading: 'Too many at once',
    text: 'Others are sending long texts just now. Send yours again in a minute.',
  },
  notYet: { heading: 'Not yet', text: 'This server makes its index again. Come back in a moment.' },
  stuck: {
    heading: 'Not saved',
    text: 'This server cannot write to its disk just now, so this is not saved, or only once it can. Go back and try again in a few minutes; its administrator finds the cause in its log.',
  },
  nobody: (why: string) => ({ heading: 'Not known who asks', text: why }),
  noRight: { heading: 'Not for you', text: 'Your account may not do this.' },
}
