/** What is wrong with a form for an article. */
export const problems = {
  'one-line': 'This must be one line without control characters.',
  'long-name': (most: string) => `A name may have at most ${most} characters.`,
  'no-address': 'Give a mail address; name@example.invalid will do if you want no mail.',
  'bad-address': 'Give the address as name@example.org.',
  'no-groups': 'Name the newsgroup to post to.',
  'bad-groups': 'Give newsgroups as comp.lang.c, separated by commas.',
  'many-groups': 'These are too many newsgroups.',
  'more-groups': (most: string) => `An article may go to at most ${most} newsgroups here.`,
  'unknown-groups': (groups: string) => `This server has none of these newsgroups: ${groups}.`,
  'closed-groups': (groups: string) => `Nobody can post to ${groups} here.`,
  'renamed-group': (groups: string) => `This newsgroup has another name now: ${groups}.`,
  'forbidden-groups': (groups: string) => `You may not post to ${groups}.`,
  'bad-followup': 'Name one or more of the newsgroups above, or “poster” alone for replies by mail.',
  'no-followup': (most: string) =>
    `An article to more than ${most} newsgroups must say where the discussion goes on: one of them, or “poster”.`,
  'no-subject': 'Give a subject.',
  'long-subject': (most: string) => `A subject may have at most ${most} characters.`,
  'command-subject': 'A subject must not begin with “cmsg”: old servers take it for a command.',
  'no-body': 'Write a text.',
  'bad-body': 'The text holds a character that no article may have.',
  'bad-name': 'The form is damaged. Open it anew.',
}
