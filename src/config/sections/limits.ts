/** The section of the configuration that says what a client or an article may cost. */
import { z } from 'zod'
import { count } from '../texts.ts'

export const limitsSchema = z
  .strictObject({
    article_bytes: count.default(1_000_000).describe('Largest article, in octets.'),
    header_bytes: count.default(65_536).describe('Largest header section, in octets.'),
    header_line_bytes: count.default(8_192).describe('Longest header field, unfolded, in octets.'),
    headers: count.default(200).describe('Most header fields of an article.'),
    groups_posted: count.default(20).describe('Most groups of an article posted here.'),
    groups_relayed: count.default(50).describe('Most groups of an article from a peer.'),
    path_entries: count.default(100).describe('Most sites in the Path of an article from a peer.'),
    references: z
      .int()
      .min(4) // RFC 5537 3.4.4: the first and the last three stay.
      .default(30)
      .describe('Most message-IDs kept in the References of a followup written in the web reader.'),
    posts_per_hour: count
      .default(500)
      .describe(
        'Postings of an account or address before each further one waits longer, and then is refused.',
      ),
    connections: count.default(10_000).describe('Most connections at once.'),
    connections_per_address: count
      .default(50)
      .describe('Most connections at once from one address; loopback and peers are not counted.'),
    web_connections_per_address: count
      .default(100)
      .describe(
        'Most connections of browsers at once from one address, or requests by trusted proxies; not of loopback.',
      ),
    connections_per_network: count
      .default(500)
      .describe('Most connections at once from one network, /24 or /56 of IPv6; not of loopback and peers.'),
    connections_per_account: count
      .default(50)
      .describe('Most connections at once of one account; those who are logged in count for nothing else.'),
    idle_seconds: count.default(1_800).describe('A connection that sends nothing is closed after this time.'),
    first_command_seconds: count.default(10).describe('Time a new connection has for its first command.'),
    line_seconds: count.default(30).describe('Time a command line has from its first octet to its last.'),
    article_bytes_per_second: count
      .default(1_024)
      .describe('A client that sends an article more slowly than this for a minute is cut off.'),
    stalled_output_seconds: count
      .default(120)
      .describe('A client that takes no output is cut off after this time.'),
    input_bytes: count
      .default(65_536)
      .describe('Input kept in memory for a connection, besides its article.'),
    output_bytes: count.default(262_144).describe('Output kept in memory for a connection.'),
    total_output_bytes: count
      .default(268_435_456)
      .describe(
        'Output kept in memory for all connections; above it the one that has long read nothing ends.',
      ),
    commands_per_second: count
      .default(10_000)
      .describe('Commands of a connection, or of all of an account; more wait. Not for loopback and peers.'),
    bytes_per_second: count
      .default(125_000_000)
      .describe(
        'Octets to and from a connection, or all of an account; more wait. Not for loopback and peers.',
      ),
    examined_per_second: count
      .default(50_000)
      .describe(
        'Articles that NEWNEWS and XSEARCH look at for all who are not logged in; ten times as many for others.',
      ),
  })
  .prefault({})
  .describe('What a client or an article may cost.')
