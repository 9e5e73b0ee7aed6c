import type { ReactNode } from 'react'
import type { useFrozen } from './use-frozen.ts'
import { walkRows } from '../../shared/walk-rows.ts'
import styles from './board.module.css'

interface PanelProps {
  readonly id: string
  readonly title: string
  readonly note?: string
  readonly handlers?: ReturnType<typeof useFrozen>['handlers']
  readonly children: ReactNode
}

const keys = { onKeyDown: walkRows }

/** A titled table that scrolls by itself. */
export function Panel({ id, title, note, handlers, children }: PanelProps) {
  return (
    <section className={styles['panel']} aria-labelledby={id} {...keys} {...handlers}>
      <header>
        <h2 id={id}>{title}</h2>
        {note !== undefined && <span>{note}</span>}
      </header>
      <div className={styles['scroll']}>{children}</div>
    </section>
  )
}
