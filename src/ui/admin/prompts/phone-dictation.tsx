import { Button } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { dictationEndsMs, dictationMs } from '../../../core/prompts/dictation.ts'
import type { PromptDictation } from '../../../http/prompts/wire.ts'
import { Problem } from '../../shared/server/api.ts'
import { hourAndMinute } from '../../shared/time/time.ts'
import { useFocus } from '../../shared/use-focus.ts'
import { readDictation, soundOfDictation } from './use-prompts.ts'
import { NotRecorded } from './recorder.ts'
import styles from './prompts.module.css'

interface PhoneDictationProps {
  readonly dictation: PromptDictation
  /** A recording of this prompt may last so long. */
  readonly secondsMax: number
  readonly recorded: (sound: Blob) => void
  /** With a `Problem`, or `NotRecorded`. */
  readonly failed: (error: unknown) => void
  readonly cancel: () => void
}

const everyMs = 1_000
/** The server ends it by then; a page that does not reach the server ends it by itself. */
const asksForMs = dictationMs + dictationEndsMs

/** A server that is away, or has just been started, may come back while the person speaks. */
const isFinal = (error: unknown): boolean =>
  error instanceof NotRecorded || (error instanceof Problem && error.status >= 400 && error.status < 500)

/** The number to dial, large, until the recording is there. */
export function PhoneDictation({ dictation, secondsMax, recorded, failed, cancel }: PhoneDictationProps) {
  const { t, i18n } = useTranslation()
  const { number, until } = dictation
  const title = useFocus<HTMLHeadingElement>()
  const [state, setState] = useState(dictation.state)
  const ends = useRef({ recorded, failed })
  useEffect(() => {
    ends.current = { recorded, failed }
  }, [recorded, failed])
  useEffect(() => {
    const giveUpAt = performance.now() + asksForMs
    let isShown = true
    let timer: number | undefined
    const ask = async (): Promise<void> => {
      try {
        const read = await readDictation()
        if (!isShown) return
        // Another page of the account has asked for a number of its own.
        if (read.number !== number) throw new NotRecorded('replaced')
        setState(read.state)
        if (read.recording !== null) return ends.current.recorded(soundOfDictation(read.recording))
      } catch (error) {
        if (!isShown) return
        if (isFinal(error) || performance.now() > giveUpAt) return ends.current.failed(error)
      }
      timer = window.setTimeout(() => void ask(), everyMs)
    }
    timer = window.setTimeout(() => void ask(), everyMs)
    return () => {
      isShown = false
      window.clearTimeout(timer)
    }
  }, [number])
  return (
    <section className={styles['prepared']} aria-labelledby="dictation" data-dictation={state}>
      <h3 id="dictation" tabIndex={-1} ref={title}>
        {t('prompts.dictation.title')}
      </h3>
      <p className={styles['number']} data-number>
        {number}
      </p>
      <ol className={styles['steps']}>
        <li>{t('prompts.dictation.speak', { seconds: secondsMax })}</li>
        <li>{t('prompts.dictation.end')}</li>
      </ol>
      <output>
        {state === 'waiting'
          ? t('prompts.dictation.waiting', { until: hourAndMinute(until, i18n.language) })
          : t('prompts.dictation.recording')}
      </output>
      <div className={styles['row']}>
        <Button variant="subtle" onClick={cancel} data-action="discard">
          {t('prompts.dictation.cancel')}
        </Button>
      </div>
    </section>
  )
}
