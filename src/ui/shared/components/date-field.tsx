import { ActionIcon, Popover, TextInput } from '@mantine/core'
import { useMergedRef, useUncontrolled } from '@mantine/hooks'
import { lazy, Suspense, useEffect, useRef, useState, type KeyboardEvent, type Ref } from 'react'
import { useTranslation } from 'react-i18next'
import { readDay, writtenDay } from '../time/typed-day.ts'
import { Icon } from './icon.tsx'

const Calendar = lazy(() => import('./calendar.tsx').then((file) => ({ default: file.Calendar })))

/** A `<dialog>` of its own would not stand beside its field. It has the focus, for Escape, until its calendar is there. */
const asDialog = { role: 'dialog', tabIndex: -1 } as const

interface DateFieldProps {
  readonly label: string
  /** As typed; `readDay` reads it. */
  readonly value?: string
  readonly change?: (text: string) => void
  /** Without `value`: the text at first. */
  readonly start?: string
  readonly name?: string
  /** Below the field. */
  readonly hint?: string
  readonly error?: string | null | undefined
  readonly required?: boolean
  /** In a form that marks its required fields. */
  readonly withAsterisk?: boolean
  /** Days that the calendar offers, as `2026-12-24`. */
  readonly min?: string | undefined
  readonly max?: string | undefined
  readonly width?: number
  readonly inputRef?: Ref<HTMLInputElement>
  readonly mark?: string
}

/**
 * A day in the notation of the page's language; a browser's own date field follows the browser's. It is typed, or chosen
 * in a calendar that Alt+↓ opens. A text that is no day stays, with a sentence.
 */
export function DateField({
  label,
  value: given,
  change,
  start = '',
  name,
  hint,
  error = null,
  required = false,
  withAsterisk = false,
  min,
  max,
  width,
  inputRef,
  mark,
}: DateFieldProps) {
  const { t, i18n } = useTranslation()
  const [text, setText] = useUncontrolled({
    defaultValue: start,
    finalValue: '',
    ...(given !== undefined && { value: given }),
    ...(change !== undefined && { onChange: change }),
  })
  const [isOpen, setOpen] = useState(false)
  // While the first figures are typed, nothing is wrong yet.
  const [isLeft, setLeft] = useState(false)
  const input = useRef<HTMLInputElement>(null)
  const ref = useMergedRef(input, inputRef)
  const day = readDay(text)
  useEffect(() => {
    const form = input.current?.form
    const submitted = (): void => setLeft(true)
    form?.addEventListener('submit', submitted)
    return () => form?.removeEventListener('submit', submitted)
  }, [])

  function leave(): void {
    setLeft(true)
    if (day !== null && text !== writtenDay(day)) setText(writtenDay(day))
  }

  function press(event: KeyboardEvent): void {
    // The dialog has not taken the focus yet.
    if (event.key === 'Escape') setOpen(false)
    if (event.key !== 'ArrowDown' || !event.altKey) return
    event.preventDefault()
    setOpen(true)
  }

  function choose(chosen: string): void {
    setText(writtenDay(chosen))
    setOpen(false)
  }

  const wrong = isLeft && text.trim() !== '' && day === null ? t('common.date.wrong') : null
  return (
    <Popover
      opened={isOpen}
      onChange={setOpen}
      // Hidden with a field that is scrolled away, it would lose the focus.
      hideDetached={false}
      trapFocus
      returnFocus
      position="bottom-start"
      shadow="md"
      // A text field has no `aria-expanded`; the dialog has its own name.
      withRoles={false}
    >
      <Popover.Target>
        <TextInput
          ref={ref}
          label={label}
          {...(name !== undefined && { name })}
          value={text}
          placeholder={t('common.date.format')}
          required={required}
          withAsterisk={withAsterisk}
          error={wrong ?? error}
          {...(hint !== undefined && { description: hint })}
          inputWrapperOrder={['label', 'input', 'error', 'description']}
          onChange={(event) => setText(event.currentTarget.value)}
          onBlur={leave}
          onKeyDown={press}
          autoComplete="off"
          inputMode="numeric"
          maxLength={10}
          {...(width !== undefined && { w: width })}
          rightSection={
            <ActionIcon
              variant="subtle"
              color="gray"
              // Alt+↓ on the field opens the calendar, so the button is no tab stop.
              tabIndex={-1}
              aria-label={t('common.date.choose', { label })}
              onClick={() => setOpen(!isOpen)}
            >
              <Icon name="calendar" size={16} />
            </ActionIcon>
          }
          aria-keyshortcuts="Alt+ArrowDown"
          data-day={mark ?? name ?? ''}
        />
      </Popover.Target>
      <Popover.Dropdown {...asDialog} aria-label={label}>
        <Suspense fallback={<p>{t('common.loading')}</p>}>
          {isOpen && (
            <Calendar day={day} choose={choose} min={min} max={max} language={i18n.language} label={label} />
          )}
        </Suspense>
      </Popover.Dropdown>
    </Popover>
  )
}
