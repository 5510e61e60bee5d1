/** `tidings article cancel`: one article leaves this node, and with `send` all others that heed its Cancel-Key. */
import type { Config } from '../../config/config.ts'
import type { Poster } from '../../feed/feed.ts'
import type { Node } from '../../feed/node.ts'
import { cancelMessage } from '../../feed/withdraw/cancel-message.ts'
import { parseLaxMessageId } from '../../message-id.ts'
import { articleIn } from '../../storage/article/stored-article.ts'
import type { Arrival, Located } from '../../storage/reading.ts'
import { ControlFault } from './node-control.ts'

export interface CancellingArticle {
  readonly send: boolean
  readonly node: Pick<Node, 'storage' | 'feed' | 'cancel'>
  readonly config: Config
  /** Who posts the cancel. */
  readonly owner: Poster
}

/** Rejects with a `ControlFault` where the article stays. */
export async function cancelArticle(messageId: string, cancelling: CancellingArticle): Promise<void> {
  const target = parseLaxMessageId(messageId)
  if (target === undefined)
    throw new ControlFault('usage', `${messageId} is no message-ID: expected <left@right>`)
  const { node, send } = cancelling
  const located = await node.storage.reading.locateId(target)
  if (located === undefined) throw new ControlFault('refused', `no article ${target} is stored here`)
  if (send) return await sendCancel(located, cancelling)
  const outcome = await node.cancel(target)
  if (outcome.kind === 'refused') throw new ControlFault('refused', outcome.reason.text)
  if (outcome.kind === 'deferred') throw new ControlFault('retry', outcome.reason.text)
}

/** The cancel is an article like any other: what it does here it does as it would from anybody who has the key. */
async function sendCancel(
  { arrival, messageId: target }: Located,
  { node, config, owner }: CancellingArticle,
): Promise<void> {
  const { reading } = node.storage
  const stored = await reading.article(arrival)
  const article = stored && articleIn(stored)
  if (article === undefined)
    throw new ControlFault('refused', `${target} is damaged: cancel it without --send`)
  const [row] = await reading.arrivals((arrival - 1) as Arrival, 1)
  if (row?.arrival !== arrival || !row.source.startsWith('post:'))
    throw new ControlFault('refused', `${target} was not posted here: no other server would heed its cancel`)
  const from = config.node.admin || `news@${config.node.path_identity}`
  const newsgroups = (article.header('Newsgroups') ?? '').replace(/[ \t]+/g, '')
  const body = 'Cancelled by the operator of the server it was posted on.\n'
  const verdict = await node.feed.inject(
    cancelMessage({ target, from, newsgroups, approved: from, body }),
    owner,
  )
  if (verdict.kind === 'deferred') throw new ControlFault('retry', verdict.reason.text)
  if (verdict.kind === 'rejected') throw new ControlFault('refused', verdict.reason.text)
  if (verdict.kind !== 'accepted' || verdict.withdrawal?.result !== 'done')
    throw new ControlFault('internal', `the cancel of ${target} was taken and not carried out`)
}
