/**
 * `contacts.conf`: the numbers of the contacts, each as it is dialled, so that the dialplan reaches no others whatever it is
 * asked for.
 */
import type { Contact } from '../../core/contact.ts'
import { callableContact, dialledForm } from '../../core/phone-number.ts'

const context = '[linia-contacts]'

/** `allowed`: as in `CallOutRules`. A number that is never called is left out. */
export function contactsFile(contacts: readonly Contact[], allowed: readonly string[]): string {
  const numbers = contacts.flatMap(({ number }) => {
    const asked = callableContact(number, allowed)
    return asked.ok ? [dialledForm(asked.number)] : []
  })
  const lines = [...new Set(numbers)].map((number) => `exten => ${number},1,Goto(linia-citizen,\${EXTEN},1)`)
  return [context, ...lines, ''].join('\n')
}

/** Before the application has written the first one. */
export const noContacts = contactsFile([], [])
