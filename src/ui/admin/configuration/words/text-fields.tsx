import { Textarea } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Words } from '../../../../core/announcements/own-words.ts'
import { ListenButton } from '../../../shared/components/listen-button.tsx'
import type { Faults } from '../faults.ts'

interface TextFieldsProps {
  /** Its place in the document, `numbers[0].says.greeting`. */
  readonly at: string
  readonly words: Words
  readonly maxLength: number
  readonly hint?: ReactNode
  readonly hintEn: string
  /** Below the Romanian text. */
  readonly caution?: ReactNode
  readonly faults: Faults
  readonly change: (words: Words) => void
}

/** The city's own words in both languages, each with its sound. */
export function TextFields({ at, words, maxLength, hint, hintEn, caution, faults, change }: TextFieldsProps) {
  const { t } = useTranslation()
  const { ro, en = '' } = words
  return (
    <>
      <Textarea
        label={t('configuration.menu.textRo')}
        description={hint}
        value={ro}
        error={faults.of(`${at}.ro`)}
        maxLength={maxLength}
        autosize
        minRows={2}
        maxRows={6}
        onChange={(event) => change({ ...words, ro: event.currentTarget.value })}
        data-field="ro"
      />
      {caution}
      <ListenButton text={ro} language="ro" />
      {(ro.trim() !== '' || en !== '') && (
        <>
          <Textarea
            label={t('configuration.menu.textEn')}
            description={hintEn}
            value={en}
            error={faults.of(`${at}.en`)}
            maxLength={maxLength}
            autosize
            minRows={1}
            maxRows={6}
            lang="en"
            onChange={(event) => {
              const { value } = event.currentTarget
              change(value === '' ? { ro } : { ro, en: value })
            }}
            data-field="en"
          />
          <ListenButton text={en} language="en" />
        </>
      )}
    </>
  )
}
