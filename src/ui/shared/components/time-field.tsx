import { TextInput } from '@mantine/core'
import { timeIn } from '../time/typed-time.ts'

interface TimeFieldProps {
  readonly label: string
  /** False: for screen readers only. */
  readonly isLabelSeen?: boolean
  readonly value: string
  readonly change: (time: string) => void
  readonly mark?: string
}

/** In 24 hours, whatever the browser's own notation. */
export function TimeField({ label, isLabelSeen = false, value, change, mark }: TimeFieldProps) {
  return (
    <TextInput
      {...(isLabelSeen ? { label } : { 'aria-label': label })}
      value={value}
      placeholder="00:00"
      maxLength={5}
      w={66}
      inputMode="numeric"
      autoComplete="off"
      onChange={(event) => change(event.currentTarget.value.replaceAll(/[^\d:. ]/g, ''))}
      onBlur={() => {
        if (timeIn(value) !== value) change(timeIn(value))
      }}
      {...(mark !== undefined && { 'data-time': mark })}
    />
  )
}
