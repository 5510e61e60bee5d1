/** Remarks on a text before it is posted: what was found, and why it matters. */
import type { RemarkName } from '../../lint/lint.ts'

export const lint = {
  heading: 'Before you post',
  /** Above the remarks that were not shown before. */
  once: 'Nothing has been posted yet. Have a look at these remarks; post again to leave the text as it is.',
  why: 'Why?',
  mend: 'Change it',
  mended: 'The text was changed as proposed. Nothing has been posted yet.',
  remarks: {
    'top-posting': {
      says: 'Your answer stands above what it answers.',
      why: 'People read from top to bottom, and meet your article without the others at hand. An answer below the lines it answers needs no scrolling back.',
    },
    'over-quoting': {
      says: 'Most of the text is a quotation.',
      why: 'Everybody can read the whole article it answers. A few lines are enough to know what you mean, and your own words are found at once.',
    },
    'nothing-own': {
      says: 'There is nothing of your own in it.',
      why: 'An article of quotation and signature alone says nothing new. Perhaps your answer got lost.',
    },
    'not-in-parent': {
      says: 'This quoted line does not stand in the article you answer:',
      why: 'Quotation marks say that somebody wrote these very words. Words of your own need none, and shortened ones are marked with […].',
    },
    'quoted-signature': {
      says: 'The signature of the other author is quoted.',
      why: 'A signature stands under every article of its author already. It says nothing on the matter.',
    },
    'old-parent': {
      says: 'The article you answer is more than a year old, from',
      why: 'Its author may not read here any more, and many servers do not have it any more. A new article with a short summary is understood by all.',
    },
    'mail-wanted': {
      says: 'The author asked for answers by mail, not here.',
      why: 'Who writes “Followup-To: poster” collects the answers and often does not read the group. Answer here only what is for all.',
    },
    'open-crosspost': {
      says: 'The article goes to several newsgroups, and does not say where the discussion goes on.',
      why: 'Without it every answer goes to all of these groups, where half of the readers miss the other half of the discussion. A Followup-To brings them together.',
    },
    'many-groups': {
      says: 'The article goes to many newsgroups:',
      why: 'Readers of each group meet people they do not know and a matter that is not theirs. Many filter such articles out. Choose the group where it belongs best.',
    },
    'changed-subject': {
      says: 'The subject differs from that of the article you answer, which is:',
      why: 'With “(was: …)” behind the new subject everybody sees what it belongs to, and filters on the old subject still work.',
    },
    'foreign-reply': {
      says: 'The subject does not begin with “Re:” but with',
      why: 'Newsreaders know “Re:” and nothing else. With other words the subject grows by one with every answer.',
    },
    capitals: {
      says: 'The subject is in capital letters.',
      why: 'Capitals are read as shouting, and are harder to read.',
    },
    'stray-test': {
      says: 'This looks like a test, and goes to a group that is not for tests:',
      why: 'Every article is copied to many servers and read by many people. Groups with “test” in their name are there to try things out.',
    },
    markup: {
      says: 'There is HTML in the text:',
      why: 'Articles are plain text: the tags would be shown as they stand here.',
    },
    'long-lines': {
      says: 'A line is longer than a screen, and cannot be broken by itself:',
      why: 'Indented lines stay as they are, because they may be a table or a program. In many newsreaders the end of a long one is not seen.',
    },
    'bare-mark': {
      says: 'The line above your signature lacks its blank.',
      why: 'A signature begins with the line “-- ”: two dashes and a blank. By it newsreaders know what not to quote.',
    },
    'long-signature': {
      says: 'The signature has more than four lines:',
      why: 'It stands under each of your articles. Four lines are an old custom, which leaves room for what the article is about.',
    },
    'no-attachment': {
      says: 'The text speaks of an attachment:',
      why: 'Articles from here are text alone, and most newsgroups take nothing else. Put the file somewhere and give its address.',
    },
  } satisfies Record<RemarkName, { readonly says: string; readonly why: string }>,
}
