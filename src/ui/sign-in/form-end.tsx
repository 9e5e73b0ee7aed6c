import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { BusyButton } from '../shared/components/busy-button.tsx'
import styles from './factors.module.css'

interface FormEndProps {
  /** A sentence; empty: none. */
  readonly problem: string
  readonly busy: boolean
  readonly cancel: () => void
}

/** The end of a form that adds a factor. */
export function FormEnd({ problem, busy, cancel }: FormEndProps) {
  const { t } = useTranslation()
  return (
    <>
      <p className={styles['problem']} role="alert">
        {problem}
      </p>
      <div className={styles['row']}>
        <BusyButton type="submit" loading={busy}>
          {t('signIn.factors.confirm')}
        </BusyButton>
        <Button variant="default" onClick={cancel}>
          {t('signIn.factors.cancel')}
        </Button>
      </div>
    </>
  )
}
