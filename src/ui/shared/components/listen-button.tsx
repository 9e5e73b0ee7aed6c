import { Button } from '@mantine/core'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Language } from '../../../core/configuration/menu.ts'
import type { TextSampleRequest } from '../../../http/configuration/wire.ts'
import { unavailable } from './unavailable.ts'
import { apiBlob } from '../server/api.ts'
import { problemText } from '../server/problem-text.ts'
import styles from './listen-button.module.css'

interface ListenButtonProps {
  readonly text: string
  readonly language: Language
}

/** Reads a text out as the phone will sound. */
export function ListenButton({ text, language }: ListenButtonProps) {
  const { t } = useTranslation()
  const [sound, setSound] = useState<Blob | null>(null)
  const [isPreparing, setPreparing] = useState(false)
  const [problem, setProblem] = useState('')
  // It ends with the form: another text is chosen, or the page is left.
  useEffect(() => {
    if (sound === null) return undefined
    const url = URL.createObjectURL(sound)
    const audio = new Audio(url)
    audio.addEventListener('ended', () => setSound(null))
    // Stopped before it began.
    audio.play().catch(() => setSound(null))
    return () => {
      audio.pause()
      URL.revokeObjectURL(url)
    }
  }, [sound])

  async function prepare(): Promise<void> {
    setProblem('')
    setPreparing(true)
    try {
      const body: TextSampleRequest = { text, language }
      setSound(await apiBlob('POST', '/configuration/sample', body))
    } catch (error) {
      setProblem(problemText(error, t))
    } finally {
      setPreparing(false)
    }
  }
  const isEmpty = text.trim() === ''
  const press = (): void => {
    if (sound !== null) setSound(null)
    else if (!isPreparing && !isEmpty) void prepare()
  }
  const label = t(sound === null ? 'common.listen' : 'common.stopListening')
  return (
    <div className={styles['listen']}>
      <Button
        variant="subtle"
        size="compact-sm"
        onClick={press}
        {...unavailable(sound === null && (isEmpty || isPreparing))}
        aria-label={`${label}, ${t(`configuration.try.languages.${language}`)}`}
        data-listen={language}
        data-state={sound === null ? 'silent' : 'playing'}
      >
        {label}
      </Button>
      <span className={styles['problem']} role="alert">
        {problem}
      </span>
    </div>
  )
}
