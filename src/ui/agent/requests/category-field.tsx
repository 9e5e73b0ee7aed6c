import { Autocomplete } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { RequestForm } from '../../../http/requests/wire.ts'
import { folded } from '../../shared/folded.ts'
import { inLanguage } from '../../requests/spoken.ts'
import { useCatalogue } from '../../requests/use-requests.ts'
import { findCategories } from './find-categories.ts'
import styles from '../../requests/requests.module.css'

interface CategoryFieldProps {
  readonly form: RequestForm
  readonly change: (part: Partial<RequestForm>) => void
  readonly error: string | null
}

/** The category for what matches no other one. */
const other = 'other'

/**
 * The category, found by the citizen's words. Enter takes the marked match, Tab keeps the text. A text that matches no
 * category may become the text of a request of the category "other".
 */
export function CategoryField({ form, change, error }: CategoryFieldProps) {
  const { t, i18n } = useTranslation()
  const categories = useCatalogue()?.categories ?? []
  const chosen = categories.find(({ id }) => id === form.category)
  const typed = chosen === undefined ? (form.categoryTyped ?? '') : ''
  const labelOf = (id: string): string => {
    const category = categories.find((one) => one.id === id)
    return category === undefined ? '' : inLanguage(category.name, i18n.language)
  }
  const found = findCategories(categories, typed)
  const isFound = found.length > 0
  const words = new Map(found.map(({ category, by }) => [category.id, by]))

  function take(text: string): void {
    const category = categories.find(({ id }) => folded(labelOf(id)) === folded(text))
    if (category === undefined) return change({ category: '', categoryTyped: text })
    const keeps = !isFound && form.text.trim() === ''
    change({ category: category.id, categoryTyped: '', ...(keeps && { text: typed.trim() }) })
  }

  return (
    <Autocomplete
      label={t('requests.category')}
      placeholder={t('requests.categoryHint')}
      value={chosen === undefined ? typed : labelOf(chosen.id)}
      onChange={take}
      data={(isFound ? found.map(({ category }) => category.id) : [other]).map((id) => ({
        value: id,
        label: labelOf(id),
      }))}
      // `data` is already filtered and sorted.
      filter={({ options }) => options}
      renderOption={({ option }) => (
        <Match label={labelOf(option.value)}>
          {isFound ? words.get(option.value) : t('requests.noSuchCategory')}
        </Match>
      )}
      error={error}
      onFocus={(event) => event.currentTarget.select()}
      maxDropdownHeight={260}
      maxLength={100}
      autoComplete="off"
      spellCheck={false}
      selectFirstOptionOnChange
      // The list would cover the error.
      openOnFocus={error === null}
      comboboxProps={{ portalProps: { target: '#work' }, transitionProps: { duration: 0 } }}
      data-category
    />
  )
}

/** The name of a match, and the word by which it was found. */
function Match({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <span className={styles['match']}>
      {label}
      <span className={styles['by']}>{children}</span>
    </span>
  )
}
