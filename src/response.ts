/** Every response code this server gives, with its usual text and the section that defines it. */

/** RFC 3977 3.2 unless said otherwise. */
export const responses = {
  100: 'Help text follows', // 7.2
  101: 'Capability list follows', // 5.2
  111: '', // 7.1: yyyymmddhhmmss
  200: 'Service available, posting allowed', // 5.1
  201: 'Service available, posting prohibited', // 5.1
  203: 'Streaming permitted', // RFC 4644 2.3
  205: 'Connection closing', // 5.4
  206: 'Compression active', // RFC 8054 2.2
  211: '', // 6.1.1: count low high group
  215: 'Information follows', // 7.6.1
  220: '', // 6.2.1: number message-id
  221: '', // 6.2.2, and XHDR in RFC 2980 2.6
  222: '', // 6.2.3
  223: '', // 6.2.4
  224: 'Overview information follows', // 8.3
  225: 'Headers follow', // 8.5
  230: 'List of new articles follows', // 7.4
  231: 'List of new newsgroups follows', // 7.3
  235: 'Article transferred OK', // 6.3.2
  238: '', // RFC 4644 2.4: message-id, send it
  239: '', // RFC 4644 2.5: message-id, transferred
  240: 'Article received OK', // 6.3.1
  281: 'Authentication accepted', // RFC 4643 2.3
  282: 'Descriptions follow', // XGTITLE, RFC 2980 2.7
  283: '', // RFC 4643 2.4
  335: 'Send article', // 6.3.2
  340: 'Send article', // 6.3.1
  381: 'Password required', // RFC 4643 2.3
  382: 'Continue with TLS negotiation', // RFC 4642 2.2
  383: '', // RFC 4643 2.4
  400: 'Service temporarily unavailable',
  401: '', // 3.2.1: capability label
  403: 'Internal fault or problem preventing action being taken',
  411: 'No such newsgroup', // 6.1.1
  412: 'No newsgroup selected', // 6.1.2
  420: 'Current article number is invalid', // 6.2
  421: 'No next article in this group', // 6.1.4
  422: 'No previous article in this group', // 6.1.3
  423: 'No article with that number', // 6.2
  430: 'No article with that message-id', // 6.2
  431: '', // RFC 4644 2.4: message-id, later
  435: 'Article not wanted', // 6.3.2
  436: 'Transfer not possible, try again later', // 6.3.2
  437: 'Transfer rejected, do not retry', // 6.3.2
  438: '', // RFC 4644 2.4: message-id, not wanted
  439: '', // RFC 4644 2.5: message-id, rejected
  440: 'Posting not permitted', // 6.3.1
  441: 'Posting failed', // 6.3.1
  480: 'Authentication required',
  481: 'Authentication failed', // RFC 4643 2.3
  482: 'Authentication commands issued out of sequence', // RFC 4643 2.3
  483: 'Encryption required',
  500: 'Unknown command',
  501: 'Syntax error',
  502: 'Permission denied',
  503: 'Feature not supported',
  504: 'Base64 encoding error',
  580: 'Cannot start TLS', // RFC 4642 2.2
} as const

export type Code = keyof typeof responses
