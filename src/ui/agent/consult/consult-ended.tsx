import { useTranslation } from 'react-i18next'
import { Icon } from '../../shared/components/icon.tsx'
import { useKey } from '../keys/use-keys.ts'
import type { ConsultEnd } from './consult-end.ts'
import styles from './consult.module.css'

/** The colleague did not answer, or has left; the caller is still there. */
export function ConsultEnded({ end: { name, why, waits } }: { readonly end: ConsultEnd }) {
  const { t } = useTranslation()
  const key = useKey('hold')
  return (
    <div className={styles['asked']} data-consult-ended={why}>
      <p className={styles['by']}>
        <Icon name="warning" size={16} /> {t(`desk.consult.ended.${why}`, { name })}
      </p>
      <p>{t(waits ? 'desk.consult.ended.waits' : 'desk.consult.ended.talks', { key })}</p>
    </div>
  )
}
