import { NumberInput } from '@mantine/core'

interface BoundedNumberProps {
  readonly field: string
  readonly label: string
  readonly description: string
  /** Undefined: the field is empty. */
  readonly value: number | undefined
  readonly bounds: readonly [min: number, max: number]
  readonly change: (value: number) => void
  /** Of a field that may be empty. */
  readonly clear?: () => void
}

/** A whole number; one that is out of its bounds while it is typed changes nothing. */
export function BoundedNumber({
  field,
  label,
  description,
  value,
  bounds: [min, max],
  change,
  clear,
}: BoundedNumberProps) {
  return (
    <NumberInput
      label={label}
      description={description}
      value={value ?? ''}
      min={min}
      max={max}
      clampBehavior="blur"
      allowDecimal={false}
      allowNegative={false}
      onChange={(typed) => {
        if (typed === '') clear?.()
        else if (typeof typed === 'number' && typed >= min && typed <= max) change(typed)
      }}
      data-field={field}
    />
  )
}
