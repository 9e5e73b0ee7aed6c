import { NativeSelect, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { RequestCategory, RequestForm } from '../../../http/requests/wire.ts'
import { inLanguage } from '../../requests/spoken.ts'
import styles from '../../requests/requests.module.css'

interface OwnFieldsProps {
  readonly category: RequestCategory
  readonly form: RequestForm
  readonly change: (part: Partial<RequestForm>) => void
  /** The error of a field. */
  readonly problem: (field: string) => string | null
}

/** The fields that the category defines. */
export function OwnFields({ category, form, change, problem }: OwnFieldsProps) {
  const { i18n } = useTranslation()
  if (category.fields.length === 0) return null
  const word = (words: { readonly ro: string; readonly en: string }): string =>
    inLanguage(words, i18n.language)
  const set = (id: string, value: string): void => change({ fields: { ...form.fields, [id]: value } })
  return (
    <div className={styles['row']} data-columns="even">
      {category.fields.map(({ id, label, choices, required }) =>
        choices === null ? (
          <TextInput
            key={id}
            label={word(label)}
            value={form.fields[id] ?? ''}
            required={required}
            maxLength={200}
            error={problem(`fields.${id}`)}
            onChange={(event) => set(id, event.currentTarget.value)}
            data-field={id}
          />
        ) : (
          <NativeSelect
            key={id}
            label={word(label)}
            value={form.fields[id] ?? ''}
            onChange={(event) => set(id, event.currentTarget.value)}
            data={[{ value: '', label: '–' }, ...choices.map((one) => ({ value: one.id, label: word(one) }))]}
            error={problem(`fields.${id}`)}
            data-field={id}
          />
        ),
      )}
    </div>
  )
}
