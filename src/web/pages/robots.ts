/** `/robots.txt`: programs that read all of the web leave alone what is made anew at every call, and copies. RFC 9309 */
import type { Answer } from '../site.ts'

const closed = [
  '/search',
  '/events',
  '/next',
  '/post',
  '/login',
  '/register',
  '/reset',
  '/settings',
  '/subscriptions/',
  '/admin/',
  '/moderate',
  // The same article once more.
  '/m/*?',
  '/m/*/T/',
  '/m/*/raw$',
  '/m/*/t.mbox.gz$',
]

const text = ['User-agent: *', ...closed.map(path => `Disallow: ${path}`), ''].join('\n')

export async function robotsFile(): Promise<Answer> {
  return { kind: 'octets', type: 'text/plain; charset=utf-8', body: Buffer.from(text) }
}
