/** Message identifiers: RFC 5536 3.1.3, RFC 3977 3.6. Their identity is their exact octets, case included. */

declare const brand: unique symbol
export type MessageId = string & { readonly [brand]: 'MessageId' }
