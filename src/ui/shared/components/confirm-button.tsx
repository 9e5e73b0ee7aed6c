import { Button } from '@mantine/core'
import { useEffect, useRef, useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { unavailable } from './unavailable.ts'
import styles from './confirm-button.module.css'

interface ConfirmButtonProps {
  readonly label: string
  /** The consequence, as a question. */
  readonly question: string
  readonly yes: string
  readonly act: () => void
  readonly disabled?: boolean
  /** For screen readers, where the label alone does not say of what. */
  readonly name?: string
  readonly size?: 'sm' | 'compact-xs'
}

/**
 * A button for irreversible actions, which asks for confirmation in place. Escape and the other button cancel.
 */
export function ConfirmButton({
  label,
  question,
  yes,
  act,
  disabled = false,
  name,
  size = 'sm',
}: ConfirmButtonProps) {
  const { t } = useTranslation()
  const [asking, setAsking] = useState(false)
  const first = useRef<HTMLButtonElement>(null)
  const no = useRef<HTMLButtonElement>(null)
  const asked = useRef(false)
  useEffect(() => {
    if (asking) no.current?.focus()
    else if (asked.current) first.current?.focus()
    asked.current = asking
  }, [asking])
  if (!asking)
    return (
      <Button
        ref={first}
        data-action="ask"
        size={size}
        {...(name !== undefined && { 'aria-label': name })}
        variant="default"
        {...unavailable(disabled)}
        onClick={() => setAsking(!disabled)}
      >
        {label}
      </Button>
    )
  const leave = (event: KeyboardEvent) => {
    if (event.key === 'Escape') setAsking(false)
  }
  return (
    <fieldset className={styles['sure']} aria-label={question} data-sure>
      <span className={styles['question']}>{question}</span>
      <Button ref={no} size={size} variant="default" onKeyDown={leave} onClick={() => setAsking(false)}>
        {t('common.leave')}
      </Button>
      <Button
        size={size}
        className={styles['yes'] ?? ''}
        onKeyDown={leave}
        onClick={() => {
          setAsking(false)
          act()
        }}
      >
        {yes}
      </Button>
    </fieldset>
  )
}
