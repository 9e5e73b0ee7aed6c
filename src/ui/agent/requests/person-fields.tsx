import { TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { RequestForm } from '../../../http/requests/wire.ts'
import { StreetFields } from './street-fields.tsx'
import styles from '../../requests/requests.module.css'

type Person = NonNullable<RequestForm['person']>

interface PersonFieldsProps {
  readonly person: Person
  readonly change: (person: Person) => void
  /** The error of a field. */
  readonly problem: (field: string) => string | null
}

/** The petitioner and the address for the answer. */
export function PersonFields({ person, change, problem }: PersonFieldsProps) {
  const { t } = useTranslation()
  return (
    <fieldset className={styles['person']}>
      <legend className="spoken-only">{t('requests.person')}</legend>
      <div className={styles['row']} data-columns="even">
        <TextInput
          label={t('requests.name')}
          value={person.name}
          onChange={(event) => change({ ...person, name: event.currentTarget.value })}
          maxLength={200}
          autoComplete="off"
          error={problem('person.name')}
          data-name
        />
        <TextInput
          label={t('requests.phone')}
          type="tel"
          value={person.phone}
          onChange={(event) => change({ ...person, phone: event.currentTarget.value })}
          maxLength={32}
          autoComplete="off"
          error={problem('person.phone')}
          data-phone
        />
        <TextInput
          label={t('requests.email')}
          type="email"
          value={person.email}
          error={problem('person.email')}
          onChange={(event) => change({ ...person, email: event.currentTarget.value })}
          maxLength={200}
          autoComplete="off"
        />
      </div>
      <StreetFields
        label={t('requests.address')}
        address={person.address}
        change={(address) => change({ ...person, address })}
        name="person"
      />
    </fieldset>
  )
}
