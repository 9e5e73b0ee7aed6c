import { Button } from '@mantine/core'
import type { Static } from 'typebox'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { Sentence } from '../../../http/wire.ts'
import { createStore, useStore } from '../../shared/store.ts'
import { ariaChord } from '../keys/chords.ts'
import { useKey } from '../keys/use-keys.ts'
import { usePaneAction } from '../work/pane-actions.ts'
import styles from './script-zone.module.css'

interface SaidProps {
  /** The id of the article or section that is read out. A new one begins with digits and at the top. */
  readonly thing: string
  readonly sentences: readonly Static<typeof Sentence>[]
}

/** The thing whose numbers are shown in words. */
const inWords = createStore<string | null>(null)

/**
 * Sentences to read out, in Romanian whatever the screen's language, because callers are addressed in Romanian. Their
 * numbers are in digits; a key puts them into words and back.
 */
export function Said(props: SaidProps) {
  return <Sentences key={props.thing} {...props} />
}

function Sentences({ thing, sentences }: SaidProps) {
  const { t } = useTranslation()
  const key = useKey('in-words')
  const spelt = useStore(inWords, (one) => one === thing)
  const hasNumbers = sentences.some(({ digits, words }) => digits !== words)
  const toggle = (): void => inWords.set(spelt ? null : thing)
  usePaneAction('in-words', hasNumbers, toggle)
  const top = useRef<HTMLDivElement>(null)
  useEffect(() => {
    top.current?.closest('[data-zone]')?.scrollTo({ top: 0 })
  }, [])
  return (
    <div ref={top}>
      {hasNumbers && (
        <Button
          variant="default"
          size="compact-sm"
          className={styles['spell'] ?? ''}
          aria-pressed={spelt}
          aria-keyshortcuts={ariaChord(key)}
          onClick={toggle}
          data-action="in-words"
          rightSection={<kbd className={styles['key']}>{key}</kbd>}
        >
          {t('desk.words.inWords')}
        </Button>
      )}
      <div lang="ro" data-said>
        {sentences.map(({ digits, words }) => (
          <p key={words} className={styles['aloud']}>
            {spelt ? words : digits}
          </p>
        ))}
      </div>
    </div>
  )
}
