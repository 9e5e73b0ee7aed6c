import type { KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from '../../shared/store.ts'
import { ariaChord } from '../keys/chords.ts'
import { keyMap } from '../keys/key-map.ts'
import { useRun } from '../use-run.ts'
import styles from './caller-zone.module.css'

/** The subjects of most calls. */
const starters = ['start-papers', 'start-request', 'start-taxes', 'start-document'] as const

/**
 * Takes the focus when a call is answered. Digits choose while it has the focus (WCAG 2.1.4 allows single keys only
 * then); the keys work from anywhere.
 */
export function Starters() {
  const { t } = useTranslation()
  const run = useRun()
  const map = useStore(keyMap)

  function press(event: KeyboardEvent): void {
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return
    const action = starters[Number(event.key) - 1]
    if (action === undefined) return
    event.preventDefault()
    run(action)
  }

  return (
    <div
      role="toolbar"
      aria-label={t('desk.home.starters')}
      className={styles['starters']}
      data-begins
      tabIndex={-1}
      onKeyDown={press}
    >
      {starters.map((action, index) => (
        <button
          key={action}
          type="button"
          data-action={action}
          aria-keyshortcuts={ariaChord(map[action])}
          onClick={() => run(action)}
        >
          <span aria-hidden="true" className={styles['digit']}>
            {index + 1}
          </span>
          {t(`desk.home.${action}`)}
          <kbd>{map[action]}</kbd>
        </button>
      ))}
    </div>
  )
}
