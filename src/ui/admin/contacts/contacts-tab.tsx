import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RegisteredContact } from '../../../http/contacts/wire.ts'
import { Notice } from '../../shared/components/notice.tsx'
import { languageName } from '../../shared/language-name.ts'
import { spokenNumber } from '../../shared/phone-number.ts'
import { problemText } from '../../shared/server/problem-text.ts'
import { shortDateWithYear } from '../../shared/time/time.ts'
import { ContactForm } from './contact-form.tsx'
import { contactRegisterQuery } from './use-contact-register.ts'
import configuration from '../configuration/configuration.module.css'
import admin from '../admin.module.css'
import register from '../register.module.css'
import styles from './contacts.module.css'

/** Departments and interpreters outside the contact centre: the register left, one contact right. */
export function ContactsTab() {
  const { t } = useTranslation()
  const { data, error, refetch } = useQuery(contactRegisterQuery)
  const [chosen, setChosen] = useState<string | null>(null)
  const [told, setTold] = useState('')
  if (data === undefined)
    return error === null ? null : <Notice text={problemText(error, t)} again={() => void refetch()} />
  const contact = data.items.find(({ id }) => id === chosen) ?? null
  const choose = (id: string | null): void => {
    setTold('')
    setChosen(id)
  }
  return (
    <div className={configuration['halves']}>
      <div className={configuration['list']}>
        <p className={configuration['lead']}>{t('contacts.lead')}</p>
        <div className={register['above']}>
          <output>{told}</output>
          <Button variant="light" onClick={() => choose(null)} data-action="new-contact">
            {t('contacts.new')}
          </Button>
        </div>
        {data.items.length === 0 ? (
          <p className={admin['quiet']}>{t('contacts.none')}</p>
        ) : (
          <ContactTable items={data.items} chosen={contact?.id ?? null} choose={choose} />
        )}
      </div>
      <aside className={configuration['one']} aria-label={t('contacts.one')}>
        <ContactForm
          key={contact === null ? 'new' : `${contact.id} ${contact.version}`}
          contact={contact}
          takesFocus={told !== ''}
          done={(text, id) => {
            setTold(text)
            setChosen(id)
          }}
        />
      </aside>
    </div>
  )
}

interface ContactTableProps {
  readonly items: readonly RegisteredContact[]
  readonly chosen: string | null
  readonly choose: (id: string) => void
}

function ContactTable({ items, chosen, choose }: ContactTableProps) {
  const { t, i18n } = useTranslation()
  return (
    <table className={configuration['table']}>
      <thead>
        <tr>
          <th scope="col">{t('contacts.name')}</th>
          <th scope="col">{t('contacts.number')}</th>
          <th scope="col">{t('contacts.language')}</th>
          <th scope="col">{t('contacts.state')}</th>
          <th scope="col">{t('contacts.changed')}</th>
        </tr>
      </thead>
      <tbody>
        {items.map(({ id, name, number, language, closed, at, by }) => (
          <tr key={id} data-contact={id} data-chosen={id === chosen} data-closed={closed}>
            <td>
              <button type="button" aria-pressed={id === chosen} onClick={() => choose(id)}>
                {name}
              </button>
            </td>
            <td className={styles['number']}>{spokenNumber(number)}</td>
            <td>{language === null ? '–' : languageName(language, i18n.language)}</td>
            <td>{t(closed ? 'contacts.closed' : 'contacts.open')}</td>
            <td>
              {t('contacts.by', {
                at: shortDateWithYear(at, i18n.language),
                by: by ?? t('contacts.commandLine'),
              })}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
