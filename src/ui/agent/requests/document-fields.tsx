import { TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { RequestForm } from '../../../http/requests/wire.ts'
import { DateField } from '../../shared/components/date-field.tsx'
import { documentDay, documentFound, documentNumber } from './late-answer.ts'
import styles from '../../requests/requests.module.css'

interface DocumentFieldsProps {
  readonly form: RequestForm
  readonly change: (part: Partial<RequestForm>) => void
  /** The error of a field. */
  readonly problem: (field: string) => string | null
}

/** The reference of the caller's document: its number, and the day from which the term runs. */
export function DocumentFields({ form, change, problem }: DocumentFieldsProps) {
  const { t } = useTranslation()
  const found = form.fields[documentFound] === 'yes'
  // Another number or day is another document, which nobody has looked up.
  const set = (id: string, value: string): void => {
    const isSame = value === form.fields[id]
    if (!isSame) change({ fields: { ...form.fields, [documentFound]: '', [id]: value } })
  }
  return (
    <fieldset className={styles['person']}>
      <legend className={styles['quietLine']} data-paper-found={found}>
        {t(found ? 'requests.elsewhere.found' : 'requests.elsewhere.note')}
      </legend>
      <div className={styles['row']} data-columns="even">
        <TextInput
          label={t('requests.elsewhere.number')}
          placeholder="SC2026-24421"
          value={form.fields[documentNumber] ?? ''}
          maxLength={60}
          autoComplete="off"
          onChange={(event) => set(documentNumber, event.currentTarget.value)}
          error={problem('elsewhere.number')}
          data-paper="number"
        />
        <DateField
          label={t('requests.elsewhere.day')}
          value={form.fields[documentDay] ?? ''}
          change={(text) => set(documentDay, text)}
          mark="paper"
          error={problem('elsewhere.day')}
        />
      </div>
    </fieldset>
  )
}
