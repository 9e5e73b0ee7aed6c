import type { KeyboardEvent, ReactNode } from 'react'
import type { useFrozen } from './use-frozen.ts'
import { walkRows } from '../../shared/walk-rows.ts'
import styles from './board.module.css'

interface PanelProps {
  readonly id: string
  readonly title: string
  readonly note?: string
  readonly handlers?: ReturnType<typeof useFrozen>['handlers']
  /** A button beside the title. */
  readonly action?: ReactNode
  readonly onKeyDown?: (event: KeyboardEvent) => void
  readonly children: ReactNode
}

/** A titled table that scrolls by itself. */
export function Panel({ id, title, note, handlers, action, onKeyDown, children }: PanelProps) {
  const keys = {
    onKeyDown: (event: KeyboardEvent) => {
      walkRows(event)
      onKeyDown?.(event)
    },
  }
  return (
    <section className={styles['panel']} aria-labelledby={id} {...keys} {...handlers}>
      <header>
        <h2 id={id}>{title}</h2>
        {note !== undefined && <span className={styles['note']}>{note}</span>}
        {action}
      </header>
      <div className={styles['scroll']}>{children}</div>
    </section>
  )
}
