import type { KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from '../../shared/store.ts'
import { openPane, type PaneName } from './open-pane.ts'
import { paneBeside, panes } from './panes.tsx'
import styles from './work-zone.module.css'

const steps: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowLeft: -1 }

/**
 * The arrow keys move and open at once (WAI-ARIA tabs with automatic activation); a desk-wide key opens the
 * next tab.
 */
export function TabStrip() {
  const { t } = useTranslation()
  const open = useStore(openPane)

  function walk(event: KeyboardEvent<HTMLElement>): void {
    const next = targetOf(event.key, open)
    if (next === undefined) return
    event.preventDefault()
    openPane.set(next)
    document.querySelector<HTMLElement>(`#tab-${next}`)?.focus()
  }

  return (
    <div role="tablist" aria-label={t('work.tabs.label')} className={styles['tabs']}>
      {panes.map(({ name }) => (
        <button
          key={name}
          type="button"
          role="tab"
          id={`tab-${name}`}
          aria-selected={name === open}
          aria-controls={`pane-${name}`}
          tabIndex={name === open ? 0 : -1}
          onClick={() => openPane.set(name)}
          onKeyDown={walk}
        >
          {t(`work.tabs.${name}`)}
        </button>
      ))}
    </div>
  )
}

function targetOf(key: string, open: PaneName): PaneName | undefined {
  if (key === 'Home') return panes[0]?.name
  if (key === 'End') return panes.at(-1)?.name
  const step = steps[key]
  return step === undefined ? undefined : paneBeside(open, step)
}
