import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import styles from './notice.module.css'

interface NoticeProps {
  readonly text: string
  readonly again?: () => void
  /** The label of the button; "try again" by default. */
  readonly label?: string
}

/** A page, or a part of one, that consists of a single message. */
export function Notice({ text, again, label }: NoticeProps) {
  const { t } = useTranslation()
  return (
    <div className={styles.notice}>
      <output>{text}</output>
      {again !== undefined && <Button onClick={again}>{label ?? t('common.retry')}</Button>}
    </div>
  )
}
