import { Textarea } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Words } from '../../../../core/announcements/own-words.ts'
import type { Language } from '../../../../core/configuration/menu.ts'
import { ListenButton } from '../../../shared/components/listen-button.tsx'
import { useFocus } from '../../../shared/use-focus.ts'
import type { Faults } from '../faults.ts'
import { withText } from './languages.ts'

interface LanguageFieldProps<Said extends Words> {
  readonly language: Language
  readonly words: Said
  /** Their place in the document, `numbers[0].says.greeting`. */
  readonly at: string
  readonly maxLength: number
  readonly hint?: string | undefined
  readonly faults: Faults
  /** It has just been asked for. */
  readonly isNew?: boolean
  readonly change: (words: Said) => void
}

/** A text in one language, with its sound. */
export function LanguageField<Said extends Words>(props: LanguageFieldProps<Said>) {
  const { language, words, at, maxLength, hint, faults, isNew = false, change } = props
  const { t } = useTranslation()
  const field = useFocus<HTMLTextAreaElement>(isNew)
  const text = words[language] ?? ''
  return (
    <>
      <Textarea
        label={t('configuration.menu.textIn', { language })}
        description={hint}
        value={text}
        error={faults.of(`${at}.${language}`)}
        maxLength={maxLength}
        autosize
        minRows={language === 'ro' ? 2 : 1}
        maxRows={6}
        lang={language}
        ref={field}
        onChange={(event) => change(withText(words, language, event.currentTarget.value))}
        data-field={language}
      />
      <ListenButton text={text} language={language} />
    </>
  )
}
