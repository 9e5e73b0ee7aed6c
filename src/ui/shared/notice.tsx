import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import styles from './notice.module.css'

/** A whole page that has only one thing to say. */
export function Notice({ text, again }: { readonly text: string; readonly again?: () => void }) {
  const { t } = useTranslation()
  return (
    <div className={styles.notice}>
      <output>{text}</output>
      {again !== undefined && <Button onClick={again}>{t('common.retry')}</Button>}
    </div>
  )
}
