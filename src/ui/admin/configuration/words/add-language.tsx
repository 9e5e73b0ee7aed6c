import { Button, NativeSelect } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { furtherLanguages, type FurtherLanguage } from '../../../../core/configuration/menu.ts'
import { languageName } from '../../../shared/language-name.ts'
import styles from '../configuration.module.css'

interface AddLanguageProps {
  /** Those that have a field. */
  readonly shown: readonly FurtherLanguage[]
  readonly add: (language: FurtherLanguage) => void
}

/** Asks for a field in a further language; nothing is left to ask for: nothing is shown. */
export function AddLanguage({ shown, add }: AddLanguageProps) {
  const { t, i18n } = useTranslation()
  const [chosen, choose] = useState('')
  const left = furtherLanguages
    .filter((language) => !shown.includes(language))
    .map((value) => ({ value, label: languageName(value, i18n.language) }))
    .toSorted((one, other) => one.label.localeCompare(other.label, i18n.language))
  const [first] = left
  if (first === undefined) return null
  const { value } = left.find((one) => one.value === chosen) ?? first
  return (
    <div className={styles['adds']}>
      <NativeSelect
        size="xs"
        aria-label={t('configuration.menu.further')}
        value={value}
        data={left}
        onChange={(event) => choose(event.currentTarget.value)}
        data-field="further-language"
      />
      <Button variant="light" size="compact-sm" onClick={() => add(value)} data-action="add-language">
        {t('configuration.menu.addLanguage')}
      </Button>
    </div>
  )
}
