import { Tooltip } from '@mantine/core'
import { useId, type ReactNode } from 'react'
import styles from './explained.module.css'

interface ExplainedProps {
  readonly by: string
  readonly name?: string
  readonly children: ReactNode
}

/** A figure that explains on hover or focus how it is computed. */
export function Explained({ by, name, children }: ExplainedProps) {
  const id = useId()
  return (
    <>
      <Tooltip
        label={by}
        events={{ hover: true, focus: true, touch: true }}
        multiline
        maw={320}
        position="bottom"
      >
        <button type="button" className={styles['asked']} data-figure={name} aria-describedby={id}>
          {children}
        </button>
      </Tooltip>
      <span id={id} hidden>
        {by}
      </span>
    </>
  )
}
