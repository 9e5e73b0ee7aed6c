import type { HTMLAttributes, KeyboardEvent, ReactNode } from 'react'
import styles from './choice-list.module.css'

interface ChoiceListProps extends HTMLAttributes<HTMLDivElement> {
  readonly question: string
  readonly children: ReactNode
}

/** A short list of buttons under a question; the arrow keys move, Enter chooses. */
export function ChoiceList({ question, children, ...rest }: ChoiceListProps) {
  return (
    <div
      {...rest}
      role="toolbar"
      aria-orientation="vertical"
      tabIndex={-1}
      aria-label={question}
      className={styles['list']}
      onKeyDown={walk}
    >
      <p>{question}</p>
      {children}
    </div>
  )
}

/** From button to button, wrapping around. */
function walk(event: KeyboardEvent<HTMLElement>): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
  if (step === 0) return
  event.preventDefault()
  const stops = [...event.currentTarget.querySelectorAll<HTMLElement>('button')]
  const here = stops.findIndex((stop) => stop === document.activeElement)
  stops[(here + step + stops.length) % stops.length]?.focus()
}
