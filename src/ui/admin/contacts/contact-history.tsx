import { useTranslation } from 'react-i18next'
import type { RegisteredContact } from '../../../http/contacts/wire.ts'
import { languageName } from '../../shared/language-name.ts'
import { spokenNumber } from '../../shared/phone-number.ts'
import { shortDateTime } from '../../shared/time/time.ts'
import { changeOf } from './contact-words.ts'
import { useContactVersions } from './use-contact-register.ts'
import admin from '../admin.module.css'
import register from '../register.module.css'

/** The versions of a contact, newest first; none is ever removed. */
export function ContactHistory({ contact }: { readonly contact: RegisteredContact }) {
  const { t, i18n } = useTranslation()
  const { data } = useContactVersions(contact)
  if (data === undefined) return null
  return (
    <section aria-labelledby="contact-history">
      <h3 id="contact-history">{t('contacts.history')}</h3>
      <ol className={register['versions']}>
        {data.items.map((one, index) => (
          <li key={one.version} data-version={one.version}>
            <strong>{t(`contacts.changes.${changeOf(one, data.items[index + 1])}`)}</strong>
            <span>
              {one.name}, {spokenNumber(one.number)}
              {one.language !== null &&
                `, ${t('contacts.interpreter', { language: languageName(one.language, i18n.language) })}`}
            </span>
            <span className={admin['quiet']}>
              {shortDateTime(one.at, i18n.language)} · {one.by ?? t('contacts.commandLine')}
            </span>
          </li>
        ))}
      </ol>
    </section>
  )
}
