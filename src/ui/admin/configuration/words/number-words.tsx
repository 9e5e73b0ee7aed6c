import { Fieldset } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Words } from '../../../../core/announcements/own-words.ts'
import { closedTextMax, greetingTextMax, type NumberSetting } from '../../../../core/configuration/schema.ts'
import type { Faults } from '../faults.ts'
import { seemsToTellOfRecording, withWords, type Said } from './said.ts'
import { TextFields } from './text-fields.tsx'
import styles from '../configuration.module.css'

interface NumberWordsFieldsProps {
  readonly number: NumberSetting
  readonly at: string
  readonly faults: Faults
  readonly change: (number: NumberSetting) => void
}

const maxOf = { greeting: greetingTextMax, closed: closedTextMax } as const

/** The number's own words, heard in place of the fixed prompts. */
export function NumberWordsFields({ number, at, faults, change }: NumberWordsFieldsProps) {
  const { t } = useTranslation()
  const field = (said: Said) => {
    const words: Words = number.says?.[said] ?? { ro: '' }
    return (
      <Fieldset
        legend={t(`configuration.says.${said}`)}
        className={styles['part'] ?? ''}
        data-field={`says-${said}`}
      >
        <p>{t(`configuration.says.${said}Hint`)}</p>
        <TextFields
          at={`${at}.says.${said}`}
          words={words}
          maxLength={maxOf[said]}
          hint={said === 'greeting' ? t('configuration.says.recorded') : undefined}
          hintOther={t('configuration.says.enHint')}
          caution={
            said === 'greeting' &&
            words.ro.trim() !== '' &&
            !seemsToTellOfRecording(words.ro) && (
              <p className={styles['caution']} data-not-recorded>
                {t('configuration.says.notRecorded')}
              </p>
            )
          }
          faults={faults}
          change={(typed) => change(withWords(number, said, typed))}
        />
      </Fieldset>
    )
  }
  return (
    <>
      {field('greeting')}
      {field('closed')}
    </>
  )
}
