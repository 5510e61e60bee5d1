/** German: see the English. */
import type { Words } from '../english.ts'

export const moderate: Words['moderate'] = {
  heading: 'Warten auf Freigabe',
  waiting: articles => `Auf Ihre Freigabe: ${articles}.`,
  text: 'Text',
  longer: 'Der Text geht weiter: dies ist sein Anfang.',
  reason: 'Grund, fürs Protokoll',
  release: 'Freigeben',
  reject: 'Ablehnen',
  nobody: 'keines',
  gone: 'Dieser Artikel wartet nicht mehr, oder Sie entscheiden nicht über ihn. Es wurde nichts geändert.',
  facts: {
    from: 'Autor',
    groups: 'Newsgroups',
    time: 'Geschickt',
    account: 'Konto',
    address: 'Adresse',
    messageId: 'Message-ID',
    files: 'Dateien',
  },
}
