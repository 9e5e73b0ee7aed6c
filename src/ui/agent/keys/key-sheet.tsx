import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../../shared/components/dialog.tsx'
import { useStore } from '../../shared/store.ts'
import { keyActions, isAssignable, actionOf, type KeyAction } from './chords.ts'
import { KeyRow } from './key-row.tsx'
import { keyMap, setKey, resetKeys } from './key-map.ts'
import styles from './keys.module.css'

interface KeySheetProps {
  readonly opened: boolean
  readonly close: () => void
}

/** The list of keys, each of which can be changed. */
export function KeySheet({ opened, close }: KeySheetProps) {
  const { t } = useTranslation()
  const map = useStore(keyMap)
  const [changing, setChanging] = useState<KeyAction | null>(null)
  const [problem, setProblem] = useState('')

  function take(action: KeyAction, chord: string): void {
    setChanging(null)
    const owner = actionOf(chord, map)
    if (!isAssignable(chord)) setProblem(t('keys.refused', { key: chord }))
    else if (owner !== null && owner !== action)
      setProblem(t('keys.taken', { key: chord, action: t(`keys.actions.${owner}`) }))
    else {
      setProblem('')
      setKey(action, chord)
    }
  }

  return (
    <Dialog
      opened={opened}
      close={() => {
        setChanging(null)
        close()
      }}
      title={t('keys.title')}
      width={560}
      closeOnEscape={changing === null}
    >
      <table className={styles['sheet']}>
        <thead>
          <tr>
            <th scope="col">{t('keys.action')}</th>
            <th scope="col">{t('keys.key')}</th>
            <th scope="col">
              <span className="spoken-only">{t('keys.change')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {keyActions.map((action) => (
            <KeyRow
              key={action}
              action={action}
              chord={map[action]}
              changing={changing === action}
              begin={() => setChanging(action)}
              cancel={() => setChanging(null)}
              take={(chord) => take(action, chord)}
            />
          ))}
        </tbody>
      </table>
      <p className={styles['problem']} role="alert">
        {problem}
      </p>
      <div className={styles['foot']}>
        <span>{t('keys.note')}</span>
        <Button variant="default" size="compact-sm" flex="none" onClick={resetKeys}>
          {t('keys.reset')}
        </Button>
      </div>
    </Dialog>
  )
}
