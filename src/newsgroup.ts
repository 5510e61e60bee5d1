/** Newsgroup names and the Newsgroups header: RFC 5536 3.1.4. */

declare const brand: unique symbol
export type Newsgroup = string & { readonly [brand]: 'Newsgroup' }
