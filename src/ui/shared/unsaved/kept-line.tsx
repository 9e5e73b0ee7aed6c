import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { shortDateTime } from '../time/time.ts'
import type { KeptForm } from './use-kept.ts'
import styles from './kept-line.module.css'

interface KeptLineProps {
  readonly form: Pick<
    KeptForm<never>,
    'basis' | 'where' | 'broughtBackAt' | 'hasKept' | 'discard' | 'bringBack' | 'rebase'
  >
  /** The present version of the object, and its number in words when the values are of an earlier one. */
  readonly basis: string
  readonly changedMeanwhile: string
}

/** Above a form: that its text is kept, that it was brought back or discarded, or that its object has changed meanwhile. */
export function KeptLine({ form, basis, changedMeanwhile }: KeptLineProps) {
  const { t, i18n } = useTranslation()
  const { where, broughtBackAt, hasKept, discard, bringBack, rebase } = form
  const isLate = form.basis !== basis
  function text(): string {
    if (isLate) return changedMeanwhile
    return broughtBackAt === null
      ? t('common.unsaved.discarded')
      : t('common.unsaved.broughtBack', { at: shortDateTime(broughtBackAt, i18n.language) })
  }
  if (broughtBackAt === null && !isLate && bringBack === null)
    return (
      <p className={styles['line']}>
        {t(where === 'tab' ? 'common.unsaved.keptInTab' : 'common.unsaved.keptHere')}
      </p>
    )
  return (
    <p
      className={styles['line']}
      data-brought-back={bringBack === null || isLate || undefined}
      data-discarded={bringBack !== null || undefined}
    >
      <output>{text()}</output>
      {isLate && (
        <Button variant="default" size="compact-sm" onClick={() => rebase()} data-action="rebase">
          {t('common.unsaved.rebase')}
        </Button>
      )}
      {bringBack !== null && (
        <Button variant="default" size="compact-sm" onClick={bringBack} data-action="bring-text-back">
          {t('common.unsaved.bringBack')}
        </Button>
      )}
      {hasKept && (
        <Button variant="default" size="compact-sm" onClick={discard} data-action="discard-kept">
          {t('common.unsaved.discard')}
        </Button>
      )}
    </p>
  )
}
