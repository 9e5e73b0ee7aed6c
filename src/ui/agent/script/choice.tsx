import { useId, type KeyboardEvent } from 'react'
import styles from './script-zone.module.css'

interface ChoiceProps<Value extends string> {
  readonly label: string
  readonly value: Value | 'unstated' | null
  /** The proposed value: marked, but chosen only when the agent finishes the call. */
  readonly proposed?: Value | null
  readonly options: readonly { readonly value: Value; readonly label: string }[]
  readonly choose: (value: Value) => void
  /** `row`: the label beside the options; `grid`: options in two columns, the label for screen readers only. */
  readonly shape: 'row' | 'grid'
  /** Hidden, with its space reserved. */
  readonly away?: boolean
}

/**
 * A group of radio buttons. Digits choose while the group has the focus (WCAG 2.1.4 allows single keys only
 * then), arrows move, and Tab goes to the next group.
 */
export function Choice<Value extends string>({
  label,
  value,
  proposed = null,
  options,
  choose,
  shape,
  away = false,
}: ChoiceProps<Value>) {
  const group = useId()
  function press(event: KeyboardEvent<HTMLInputElement>): void {
    if (event.ctrlKey || event.altKey || event.metaKey) return
    const option = options[Number(event.key) - 1]
    if (option === undefined) return
    event.preventDefault()
    choose(option.value)
    // The focus follows the choice, so that Tab goes to the next group.
    const inputs = event.currentTarget.closest('fieldset')?.querySelectorAll('input')
    inputs?.[Number(event.key) - 1]?.focus()
  }
  return (
    <fieldset className={styles['choice']} data-shape={shape} data-away={away} disabled={away}>
      <legend className={shape === 'grid' ? 'spoken-only' : undefined}>{label}</legend>
      {options.map((option, index) => (
        <label key={option.value} data-proposed={option.value === proposed}>
          <input
            type="radio"
            name={group}
            checked={option.value === value}
            onChange={() => choose(option.value)}
            onKeyDown={press}
          />
          <span aria-hidden="true" className={styles['digit']}>
            {index + 1}
          </span>
          {option.label}
        </label>
      ))}
    </fieldset>
  )
}
