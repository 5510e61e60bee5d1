/** German: see the English. */
import type { Words } from '../english.ts'

const ignore = 'Wenn Sie davon nichts wissen, tun Sie nichts: Dann geschieht nichts.'

export const letters: Words['letters'] = {
  register: ({ title, name, link }) => ({
    subject: `${title}: Ihr Konto`,
    text: `Jemand, wahrscheinlich Sie, möchte bei ${title} das Konto „${name}“ und hat diese Adresse angegeben.\nUm es anzulegen, öffnen Sie innerhalb eines Tages diesen Link:\n\n${link}\n\n${ignore}\n`,
  }),
  known: ({ title, name, link }) => ({
    subject: `${title}: Ihr Konto`,
    text: `Jemand, wahrscheinlich Sie, wollte sich bei ${title} mit dieser Adresse registrieren.\nSie hat schon ein Konto, es heißt „${name}“. Falls Sie das Passwort nicht mehr wissen:\n\n${link}\n\n${ignore}\n`,
  }),
  reset: ({ title, name, link }) => ({
    subject: `${title}: ein neues Passwort`,
    text: `Jemand, wahrscheinlich Sie, möchte bei ${title} ein neues Passwort für das Konto „${name}“.\nUm eines zu wählen, öffnen Sie innerhalb eines Tages diesen Link:\n\n${link}\n\n${ignore}\n`,
  }),
  address: ({ title, name, link }) => ({
    subject: `${title}: Ihre Mailadresse`,
    text: `Das Konto „${name}“ bei ${title} möchte seine Mail künftig an diese Adresse bekommen.\nUm sie zu bestätigen, öffnen Sie innerhalb eines Tages diesen Link:\n\n${link}\n\n${ignore}\n`,
  }),
}
