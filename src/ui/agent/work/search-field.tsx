import { CloseButton, TextInput } from '@mantine/core'
import { useRef, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from '../../shared/components/icon.tsx'
import { ariaChord } from '../keys/chords.ts'
import { useKey } from '../keys/use-keys.ts'
import styles from './work-zone.module.css'

interface SearchFieldProps {
  readonly label: string
  readonly value: string
  readonly change: (value: string) => void
  readonly maxLength: number
  /** Further keys beside Escape, for a pane whose results are reached from the field. */
  readonly onKeyDown?: (event: KeyboardEvent<HTMLInputElement>) => void
}

/** The search field of a pane, positioned in the tab strip. Escape clears it. */
export function SearchField({ label, value, change, maxLength, onKeyDown }: SearchFieldProps) {
  const { t } = useTranslation()
  const key = useKey('search')
  const field = useRef<HTMLInputElement>(null)
  return (
    <TextInput
      ref={field}
      type="search"
      data-search
      className={styles['search'] ?? ''}
      value={value}
      onChange={(event) => change(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key === 'Escape') change('')
        onKeyDown?.(event)
      }}
      aria-label={label}
      aria-keyshortcuts={ariaChord(key)}
      placeholder={`${label} (${key})`}
      leftSection={<Icon name="search" size={16} />}
      rightSection={
        value === '' ? null : (
          <CloseButton
            size="sm"
            aria-label={t('work.clear')}
            onClick={() => {
              change('')
              field.current?.focus()
            }}
          />
        )
      }
      maxLength={maxLength}
      autoComplete="off"
    />
  )
}
