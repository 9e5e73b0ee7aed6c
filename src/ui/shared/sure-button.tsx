import { Button } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import styles from './sure-button.module.css'

interface SureButtonProps {
  readonly label: string
  /** What will happen, as a question. */
  readonly question: string
  readonly yes: string
  readonly act: () => void
  readonly disabled?: boolean
}

/** For what cannot be taken back: asks in its own place. Escape and the other button leave things as they are. */
export function SureButton({ label, question, yes, act, disabled = false }: SureButtonProps) {
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
      <Button ref={first} variant="default" disabled={disabled} onClick={() => setAsking(true)}>
        {label}
      </Button>
    )
  return (
    <div
      role="group"
      aria-label={question}
      className={styles['sure']}
      onKeyDown={(event) => {
        if (event.key === 'Escape') setAsking(false)
      }}
    >
      <span>{question}</span>
      <Button ref={no} variant="default" onClick={() => setAsking(false)}>
        {t('common.leave')}
      </Button>
      <Button
        className={styles['yes'] ?? ''}
        onClick={() => {
          setAsking(false)
          act()
        }}
      >
        {yes}
      </Button>
    </div>
  )
}
