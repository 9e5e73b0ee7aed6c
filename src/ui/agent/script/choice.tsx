import { useId, type KeyboardEvent } from 'react'
import styles from './script-zone.module.css'

interface ChoiceProps<Value extends string> {
  readonly label: string
  readonly value: Value | 'unstated' | null
  /** What the desk would choose: marked, and chosen only by whoever finishes the call. */
  readonly proposed?: Value | null
  readonly options: readonly { readonly value: Value; readonly label: string }[]
  readonly choose: (value: Value) => void
  /** `row`: the name beside the options; `bare`: the name is only spoken; `grid`: options two by two. */
  readonly shape: 'row' | 'bare' | 'grid'
  /** Its place is kept, but there is nothing to choose now. */
  readonly away?: boolean
}

/**
 * One choice of a few. Digits choose while the group has the focus (allowed by WCAG 2.1.4 because
 * only then), arrows move, and the focus goes on to the next group by Tab.
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
    // The focus follows the choice, so that Tab goes on to the next group.
    const inputs = event.currentTarget.closest('fieldset')?.querySelectorAll('input')
    inputs?.[Number(event.key) - 1]?.focus()
  }
  return (
    <fieldset className={styles['choice']} data-shape={shape} data-away={away} disabled={away}>
      <legend className={shape === 'bare' ? 'spoken-only' : undefined}>{label}</legend>
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
