/**
 * Browsers and TLS clients that were led to this port: closed without a word, so that nothing they carry is echoed
 * (the ALPACA attacks). RFC 3977 has no command that begins so.
 */

const starts = ['GET ', 'POST /', 'PUT /', 'OPTIONS /', 'CONNECT ', 'HTTP/'].map(text => Buffer.from(text))
const handshake = 0x16
const tlsMajor = 0x03

/** Whether this command line is a line of HTTP. */
export function isForeign(line: Buffer): boolean {
  return starts.some(
    start =>
      // Most lines are told from it by these two, without a call.
      line[1] === start[1] &&
      line[0] === start[0] &&
      line.length >= start.length &&
      line.compare(start, 0, start.length, 0, start.length) === 0,
  )
}

/** Whether these first octets of a connection are HTTP or a TLS handshake. */
export function looksForeign(octets: Buffer): boolean {
  return (octets[0] === handshake && (octets[1] ?? tlsMajor) === tlsMajor) || isForeign(octets)
}
