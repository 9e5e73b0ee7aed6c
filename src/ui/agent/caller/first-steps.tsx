import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { useAgreement } from '../../agreement/agreement-query.ts'
import { useStore } from '../../shared/store.ts'
import { keyMap } from '../keys/key-map.ts'
import styles from './caller-zone.module.css'

const steps = ['phone', 'sound', 'ready', 'answer', 'wrapUp'] as const

/** Before an agent's first call of the day: how a call goes, with the keys as this agent has set them. */
export function FirstSteps() {
  const { t } = useTranslation()
  const map = useStore(keyMap)
  const { data: agreement } = useAgreement()
  const keys = { ready: map['pause-ready'], answer: map.answer, hangUp: map['hang-up'], save: map.save }
  return (
    <>
      <h3 className={styles['title']}>{t('desk.firstSteps.title')}</h3>
      <ol className={styles['steps']}>
        {agreement?.signedAt === null && (
          <li>
            <Link href="/agreement" data-to-agreement>
              {t('common.myAgreement')}
            </Link>
            {`: ${t('desk.firstSteps.agreement')}`}
          </li>
        )}
        {steps.map((step) => (
          <li key={step}>{t(`desk.firstSteps.${step}`, keys)}</li>
        ))}
      </ol>
      <p className={styles['caller']}>{t('desk.firstSteps.help', { key: map.help })}</p>
    </>
  )
}
