import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { usePlayedSound } from '../../shared/components/use-played-sound.ts'
import { problemText } from '../../shared/server/problem-text.ts'
import styles from './prompts.module.css'

interface PlayButtonProps {
  readonly label: string
  /** Rejects with a `Problem`. */
  readonly load: () => Promise<Blob>
  /** For tests and style sheets. */
  readonly of: string
}

export function PlayButton({ label, load, of }: PlayButtonProps) {
  const { t } = useTranslation()
  const { isPlaying, play } = usePlayedSound()
  const [isLoading, setLoading] = useState(false)
  const [problem, setProblem] = useState('')
  async function start(): Promise<void> {
    setProblem('')
    setLoading(true)
    try {
      play(await load())
    } catch (error) {
      setProblem(problemText(error, t))
    } finally {
      setLoading(false)
    }
  }
  return (
    <span className={styles['play']}>
      <Button
        variant="default"
        size="compact-md"
        onClick={() => {
          if (isPlaying) play(null)
          else if (!isLoading) void start()
        }}
        data-play={of}
        data-state={isPlaying ? 'playing' : 'silent'}
      >
        {isPlaying ? t('prompts.stopListening') : label}
      </Button>
      <span className={styles['problem']} role="alert">
        {problem}
      </span>
    </span>
  )
}
