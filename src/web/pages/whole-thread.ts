/** `/m/<message-id>/T/` and `/t.mbox.gz`: all articles of a conversation in the order in which they came, as they are read. */
import { mboxEntry } from '../../mbox.ts'
import { terminator, textFromWire } from '../../wire.ts'
import { gzipped } from '../http/compression.ts'
import type { Answer, Site, Visit } from '../site.ts'
import { slicesOf } from '../slices.ts'
import { type Conversation, shownSubject } from '../thread/conversation.ts'
import { articleAt, type FoundThread, findThread, threadTrail } from '../thread/found-thread.ts'
import { toldArticle } from '../thread/told-article.ts'

/** On one page with all others a text may be long. */
const roomInStream = 60_000

export async function flatThreadPage(site: Site, visit: Visit): Promise<Answer> {
  const found = await findThread(site, visit)
  if ('kind' in found) return found
  return { kind: 'stream', type: 'text/html; charset=UTF-8', chunks: flatThread(site, visit, found) }
}

/** The page in pieces, an article each: no more than one of them is ever in memory. */
async function* flatThread(site: Site, visit: Visit, { conversation }: FoundThread): AsyncGenerator<string> {
  const { words } = visit
  const subject = shownSubject(conversation.article(0).subject, words)
  // Nobody can write it into an article that is there already.
  const seam = site.random(16).toString('hex')
  const frame = site.frame(visit, subject, '')
  const summary = words.articles(conversation.length)
  const around = site.render(
    'flat',
    { frame, trail: threadTrail(conversation, visit), subject, summary, seam },
    words,
  )
  const [head = '', foot = ''] = around.split(seam)
  yield head
  const slices = slicesOf(site.clock, site.turnstile.pass)
  const now = site.clock.now()
  let before: string | undefined
  for (const at of conversation.inOrder()) {
    const article = await articleAt(site, visit, { conversation, at })
    if (visit.gone()) return
    if (article === undefined) continue
    await slices.rest()
    const telling = { visit, now, room: roomInStream, indented: false, before }
    before = article.header('Subject')
    const told = toldArticle(article, { conversation, at }, telling)
    await slices.rest()
    yield site.render('told', told, words)
    await slices.rest()
  }
  yield foot
}

export async function mailboxPage(site: Site, visit: Visit): Promise<Answer> {
  const found = await findThread(site, visit)
  if ('kind' in found) return found
  return {
    kind: 'stream',
    type: 'application/gzip',
    disposition: 'attachment; filename="thread.mbox.gz"',
    chunks: gzipped(mailbox(site, found.conversation)),
  }
}

async function* mailbox({ reading }: Site, conversation: Conversation): AsyncGenerator<Buffer> {
  for (const at of conversation.inOrder()) {
    const number = conversation.number(at)
    const stored = number === 0 ? undefined : await reading.articleByNumber(conversation.group.id, number)
    if (stored === undefined) continue
    const { transfer } = stored
    const { date = 0 } = conversation.article(at)
    yield mboxEntry(textFromWire(transfer.subarray(0, transfer.length - terminator.length)), date)
  }
}
