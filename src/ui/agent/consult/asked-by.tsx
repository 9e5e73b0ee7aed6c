import { useTranslation } from 'react-i18next'
import type { LiveCallView } from '../../../http/live/wire.ts'
import { useQueueName } from '../../shared/server/queue-names.ts'
import styles from './consult.module.css'

/** The colleague who asks this agent about the call, and the seats of the two. */
export function AskedBy({ call }: { readonly call: LiveCallView }) {
  const { t } = useTranslation()
  const queueName = useQueueName()
  return (
    <div className={styles['asked']} data-asked={call.consult?.seat}>
      <p className={styles['by']}>{t('desk.consult.askedBy', { name: call.agent?.name ?? '' })}</p>
      <p>{t(`desk.consult.asked.${call.consult?.seat ?? 'ringing'}`)}</p>
      <p className={styles['quiet']}>
        {t('desk.queue')}: {queueName(call.queue.id)}
      </p>
    </div>
  )
}
