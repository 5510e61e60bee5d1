/** Every address of the reader: what shows it, what takes its form, and who may come. */

import {
  adminAccountsAddress,
  adminAddress,
  adminGroupsAddress,
  adminPeersAddress,
  adminQueueAddress,
  adminRefusalsAddress,
  adminSessionsAddress,
  moderateAddress,
  savedAddress,
  scoresAddress,
  subscriptionsAddress,
} from '../addresses.ts'
import { adminPage, refusalsPage } from '../pages/admin.ts'
import { accountsPage, changeAccount } from '../pages/admin-accounts.ts'
import { changeGroup, groupsPage } from '../pages/admin-groups.ts'
import { changePeer, peersPage } from '../pages/admin-peers.ts'
import { changeQueue, queuePage } from '../pages/admin-queue.ts'
import { allSessionsPage, endSessions } from '../pages/admin-sessions.ts'
import { articlePage, rawPage } from '../pages/article.ts'
import { groupFeed, hierarchyFeed, searchFeed, threadFeed } from '../pages/atom.ts'
import { cancelArticle, cancelForm, cancelledPage } from '../pages/cancel.ts'
import { deleteDraft, draftsPage, keepDraft } from '../pages/drafts.ts'
import { eventsPage } from '../pages/events.ts'
import { filePage } from '../pages/file.ts'
import { findPage } from '../pages/find.ts'
import { firstForm, makeFirst } from '../pages/first.ts'
import { groupPage } from '../pages/group.ts'
import { hierarchyPage, homePage } from '../pages/hierarchy.ts'
import { invitesPage, makeInvite, revokeInvite } from '../pages/invites.ts'
import { deleteAccount, deletedPage, deleteForm, exportAccount } from '../pages/leave.ts'
import { logIn, loginForm, logOut, logoutForm } from '../pages/login.ts'
import { changeMail, confirmMail, mailConfirmForm, mailForm } from '../pages/mail.ts'
import { catchUp, changeSubscription, markArticle, undoCatchUp } from '../pages/marking.ts'
import { moderate, moderatePage } from '../pages/moderate.ts'
import { nextPage } from '../pages/next.ts'
import { changePassword, passwordForm } from '../pages/password.ts'
import { heldPage, postArticle, postForm, sentPage } from '../pages/post.ts'
import { register, registerDone, registerForm, registerSent } from '../pages/register.ts'
import { confirm, confirmForm } from '../pages/register-confirm.ts'
import { askReset, choose, chooseForm, resetForm, resetSent } from '../pages/reset.ts'
import { robotsFile } from '../pages/robots.ts'
import { saveArticle, savedPage } from '../pages/saved.ts'
import { changeScores, makeWish, scoresPage } from '../pages/scores.ts'
import { searchPage } from '../pages/search.ts'
import { endAllSessions, endSession, sessionsPage } from '../pages/sessions.ts'
import { keepSettings, settingsForm } from '../pages/settings.ts'
import { chartPage, statsPage } from '../pages/stats.ts'
import { changeSubscriptions, newsrcFile, opmlFile, subscriptionsPage } from '../pages/subscriptions.ts'
import { threadPage } from '../pages/thread.ts'
import { unreadPage } from '../pages/unread.ts'
import { flatThreadPage, mailboxPage } from '../pages/whole-thread.ts'
import type { Page } from '../site.ts'

export interface Route {
  /** As Hono writes it: `/g/:group/`. */
  readonly path: string
  /** GET. Nothing changes by it. */
  readonly show?: Page
  /** POST of a form that one of our own pages has shown to this browser. */
  readonly act?: Page
  /** The page answers also a form without a token that fits (`visit.trusted`), so that nothing typed is lost. */
  readonly keepsForm?: boolean
  /**
   * Octets of the longest form; 64 KiB where absent. `article`: what an article takes. For visitors, and for who may
   * not post, never more than can be typed.
   */
  readonly longest?: number | 'article'
  /** Programs find it at the same address with `.json` for its last slash, or behind it. */
  readonly twin?: boolean
  /** Others are led to where they can sign in, or told that their account may not. */
  readonly needs?: 'person' | 'moderator' | 'admin'
}

/** Octets of a form with a file of subscriptions in it. */
const longestFile = 4_000_000

export const routeTable: readonly Route[] = [
  { path: '/', show: homePage, twin: true },
  { path: '/robots.txt', show: robotsFile },
  { path: '/h/:hierarchy/', show: hierarchyPage, twin: true },
  { path: '/g/:group/', show: groupPage, twin: true },
  { path: '/g/:group/unread/', show: unreadPage, twin: true },
  { path: '/next', show: nextPage },
  {
    path: subscriptionsAddress,
    show: subscriptionsPage,
    act: changeSubscriptions,
    twin: true,
    longest: longestFile,
  },
  { path: `${subscriptionsAddress}newsrc`, show: newsrcFile },
  { path: `${subscriptionsAddress}opml`, show: opmlFile },
  { path: savedAddress, show: savedPage, twin: true, needs: 'person' },
  { path: '/save', act: saveArticle, needs: 'person' },
  { path: scoresAddress, show: scoresPage, act: changeScores, twin: true, needs: 'person' },
  { path: '/taste', act: makeWish, needs: 'person' },
  { path: '/subscribe', act: changeSubscription },
  { path: '/mark', act: markArticle },
  { path: '/catchup', act: catchUp },
  { path: '/undo', act: undoCatchUp },
  { path: '/g/:group/new.atom', show: groupFeed },
  { path: '/h/:hierarchy/new.atom', show: hierarchyFeed },
  { path: '/m/:id/t.atom', show: threadFeed },
  { path: '/m/', show: findPage },
  { path: '/m/:id/', show: articlePage, twin: true },
  { path: '/m/:id/cancel', show: cancelForm, act: cancelArticle, needs: 'person' },
  { path: '/m/:id/raw', show: rawPage },
  { path: '/m/:id/t/', show: threadPage, twin: true },
  { path: '/m/:id/T/', show: flatThreadPage },
  { path: '/m/:id/t.mbox.gz', show: mailboxPage },
  { path: '/m/:id/a/:number/:name', show: filePage },
  { path: '/search/new.atom', show: searchFeed },
  { path: '/search', show: searchPage, twin: true },
  { path: '/events', show: eventsPage },
  { path: '/stats/', show: statsPage, twin: true },
  { path: '/stats/chart/:name', show: chartPage },
  { path: '/post', show: postForm, act: postArticle, keepsForm: true, longest: 'article' },
  { path: '/post/draft', act: keepDraft, longest: 'article' },
  { path: '/post/sent', show: sentPage },
  { path: '/post/cancelled', show: cancelledPage },
  { path: '/post/held', show: heldPage },
  { path: '/login', show: loginForm, act: logIn, keepsForm: true },
  { path: '/logout', show: logoutForm, act: logOut },
  { path: '/register', show: registerForm, act: register, keepsForm: true },
  { path: '/register/sent', show: registerSent },
  { path: '/register/confirm', show: confirmForm, act: confirm },
  { path: '/register/done', show: registerDone },
  { path: '/first', show: firstForm, act: makeFirst, keepsForm: true },
  { path: '/settings', show: settingsForm, act: keepSettings },
  { path: '/settings/password', show: passwordForm, act: changePassword, needs: 'person' },
  { path: '/settings/mail', show: mailForm, act: changeMail, needs: 'person' },
  { path: '/settings/mail/confirm', show: mailConfirmForm, act: confirmMail },
  { path: '/settings/sessions', show: sessionsPage, act: endSession, needs: 'person' },
  { path: '/settings/sessions/all', act: endAllSessions, needs: 'person' },
  { path: '/settings/invites', show: invitesPage, act: makeInvite, needs: 'person' },
  { path: '/settings/invites/revoke', act: revokeInvite, needs: 'person' },
  { path: '/settings/export', show: exportAccount, needs: 'person' },
  { path: '/settings/delete', show: deleteForm, act: deleteAccount, needs: 'person' },
  { path: '/deleted', show: deletedPage },
  { path: '/reset', show: resetForm, act: askReset },
  { path: '/reset/sent', show: resetSent },
  { path: '/reset/confirm', show: chooseForm, act: choose },
  { path: '/drafts', show: draftsPage, act: deleteDraft, needs: 'person', twin: true },
  { path: moderateAddress, show: moderatePage, act: moderate, twin: true, needs: 'moderator' },
  { path: adminAddress, show: adminPage, twin: true, needs: 'admin' },
  { path: adminGroupsAddress, show: groupsPage, act: changeGroup, twin: true, needs: 'admin' },
  { path: adminPeersAddress, show: peersPage, act: changePeer, twin: true, needs: 'admin' },
  { path: adminAccountsAddress, show: accountsPage, act: changeAccount, twin: true, needs: 'admin' },
  { path: adminSessionsAddress, show: allSessionsPage, act: endSessions, twin: true, needs: 'admin' },
  { path: adminQueueAddress, show: queuePage, act: changeQueue, twin: true, needs: 'admin' },
  { path: adminRefusalsAddress, show: refusalsPage, twin: true, needs: 'admin' },
]
