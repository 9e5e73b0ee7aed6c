import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Language } from '../../../core/configuration/menu.ts'
import type { TextSampleRequest } from '../../../http/configuration/wire.ts'
import { unavailable } from './unavailable.ts'
import { apiBlob } from '../server/api.ts'
import { problemText } from '../server/problem-text.ts'
import { usePlayedSound } from './use-played-sound.ts'
import styles from './listen-button.module.css'

interface ListenButtonProps {
  readonly text: string
  readonly language: Language
}

/** Reads a text out as the phone will sound. */
export function ListenButton({ text, language }: ListenButtonProps) {
  const { t } = useTranslation()
  // It ends with the form: another text is chosen, or the page is left.
  const { isPlaying, play } = usePlayedSound()
  const [isPreparing, setPreparing] = useState(false)
  const [problem, setProblem] = useState('')

  async function prepare(): Promise<void> {
    setProblem('')
    setPreparing(true)
    try {
      const body: TextSampleRequest = { text, language }
      play(await apiBlob('POST', '/configuration/sample', body))
    } catch (error) {
      setProblem(problemText(error, t))
    } finally {
      setPreparing(false)
    }
  }
  const isEmpty = text.trim() === ''
  const press = (): void => {
    if (isPlaying) play(null)
    else if (!isPreparing && !isEmpty) void prepare()
  }
  const label = t(isPlaying ? 'common.stopListening' : 'common.listen')
  return (
    <div className={styles['listen']}>
      <Button
        variant="subtle"
        size="compact-sm"
        onClick={press}
        {...unavailable(!isPlaying && (isEmpty || isPreparing))}
        aria-label={`${label}, ${t('configuration.try.inLanguage', { language })}`}
        data-listen={language}
        data-state={isPlaying ? 'playing' : 'silent'}
      >
        {label}
      </Button>
      <span className={styles['problem']} role="alert">
        {problem}
      </span>
    </div>
  )
}
