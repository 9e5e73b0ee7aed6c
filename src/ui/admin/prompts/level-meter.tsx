import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Recorder } from './recorder.ts'
import styles from './prompts.module.css'

interface LevelMeterProps {
  readonly recorder: Recorder
  /** The recording has `most` seconds. */
  readonly full: () => void
  readonly most: number
}

/** Of the loudest moment, 0–1. */
const softBelow = 0.05
const loudFrom = 0.95
const everyMs = 100
/** A reader of the screen is told at most so often. */
const wordsKeptMs = 1_500

export function LevelMeter({ recorder, full, most }: LevelMeterProps) {
  const { t } = useTranslation()
  const [seconds, setSeconds] = useState(0)
  const [level, setLevel] = useState(0)
  const [word, setWord] = useState<'low' | 'good' | 'high' | null>(null)
  const ended = useRef(full)
  useEffect(() => {
    ended.current = full
  }, [full])
  useEffect(() => {
    const since = performance.now()
    let loudest = 0
    let judgedAt = since
    const timer = setInterval(() => {
      const now = performance.now()
      const present = recorder.level()
      loudest = Math.max(loudest, present)
      setLevel(present)
      setSeconds(Math.floor((now - since) / 1_000))
      if (now - judgedAt > wordsKeptMs) {
        setWord(loudest < softBelow ? 'low' : loudest > loudFrom ? 'high' : 'good')
        loudest = 0
        judgedAt = now
      }
      if (now - since > most * 1_000) ended.current()
    }, everyMs)
    return () => clearInterval(timer)
  }, [recorder, most])
  return (
    <div className={styles['meter']}>
      <span data-recording>{t('prompts.recording', { seconds, most })}</span>
      <meter
        aria-label={t('prompts.level')}
        min={0}
        max={1}
        low={softBelow}
        high={loudFrom}
        optimum={0.5}
        value={level}
        data-level
      />
      <output>{word === null ? '' : t(`prompts.levels.${word}`)}</output>
    </div>
  )
}
