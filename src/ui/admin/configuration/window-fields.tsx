import { ActionIcon, Button } from '@mantine/core'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { TimeField } from '../../shared/components/time-field.tsx'
import type { TypedWindow } from './hours-text.ts'
import styles from './configuration.module.css'

interface WindowFieldsProps {
  /** The day, for screen readers. */
  readonly day: string
  readonly windows: readonly TypedWindow[]
  readonly change: (windows: readonly TypedWindow[]) => void
}

/** Opening times of one day; without any it is closed. */
export function WindowFields({ day, windows, change }: WindowFieldsProps) {
  const { t } = useTranslation()
  const add = useRef<HTMLButtonElement>(null)
  const last = windows.at(-1)
  const more = t(windows.length === 0 ? 'configuration.openIt' : 'configuration.addWindow')
  return (
    <div className={styles['windows']}>
      {windows.length === 0 && <span className={styles['quiet']}>{t('configuration.closed')}</span>}
      {windows.map((window, index) => {
        const put = (changed: TypedWindow): void => change(windows.with(index, changed))
        return (
          <span key={index} className={styles['window']}>
            <TimeField
              label={t('configuration.from', { day })}
              value={window.from}
              change={(from) => put({ ...window, from })}
            />
            <span aria-hidden="true">–</span>
            <TimeField
              label={t('configuration.to', { day })}
              value={window.to}
              change={(to) => put({ ...window, to })}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t('configuration.removeWindow', { day, from: window.from, to: window.to })}
              onClick={() => {
                change(windows.toSpliced(index, 1))
                add.current?.focus()
              }}
              data-action="remove-window"
            >
              ×
            </ActionIcon>
          </span>
        )
      })}
      <Button
        ref={add}
        variant="subtle"
        size="compact-sm"
        aria-label={`${more}, ${day}`}
        onClick={() =>
          change([
            ...windows,
            last === undefined ? { from: '08:00', to: '16:00' } : { from: last.to, to: '' },
          ])
        }
        data-action="add-window"
      >
        {more}
      </Button>
    </div>
  )
}
