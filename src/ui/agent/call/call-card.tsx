import { useTranslation } from 'react-i18next'
import type { LiveCallView } from '../../../http/live/wire.ts'
import { useLive } from '../../live/use-live.ts'
import { Elapsed } from '../../shared/time/elapsed.tsx'
import { spokenNumber } from '../../shared/phone-number.ts'
import { duration } from '../../shared/time/time.ts'
import type { DeskState } from '../desk-state.ts'
import { usePhone } from '../phone/use-phone.ts'
import { useDeskCall } from '../use-desk.ts'
import { IdleCard } from './idle-card.tsx'
import { useQueueName } from '../../shared/server/queue-names.ts'
import { Trail } from './trail.tsx'
import styles from './call-zone.module.css'

/** The caller's number, painted as soon as the phone rings, before anything else is loaded. */
export function CallCard({ state }: { readonly state: DeskState }) {
  const { t } = useTranslation()
  const call = useDeskCall(state)
  const fromPhone = usePhone((phone) => phone.session?.from ?? null)
  if (call === null && state.name !== 'ringing' && state.name !== 'talking') return <IdleCard state={state} />
  const number = call === null ? fromPhone : call.caller
  return (
    <div className={styles['card']} data-call={call?.id}>
      <p className={styles['number']} data-caller>
        {number === null || number === '' ? t('common.withheld') : spokenNumber(number)}
      </p>
      <div className={styles['who']}>
        <p className={styles['name']}>{number === null || number === '' ? null : call?.callerName}</p>
        {call !== null && <Trail call={call} />}
      </div>
      {call !== null && <CallFacts call={call} />}
    </div>
  )
}

/** The colleague who sent the caller; or that this agent's own transfer was not taken. */
function TransferFact({ transferred }: { readonly transferred: NonNullable<LiveCallView['transferred']> }) {
  const { t } = useTranslation()
  const { failed, by } = transferred
  return (
    <>
      <dt>{t(failed ? 'desk.transfer.back' : 'desk.transfer.from')}</dt>
      <dd data-transferred>{failed ? t('desk.transfer.backWhy') : by.name}</dd>
    </>
  )
}

/** The wait as the caller felt it, with the greeting. */
function CallFacts({ call }: { readonly call: LiveCallView }) {
  const { t } = useTranslation()
  const queueName = useQueueName()
  const context = useLive((live) => live.context)
  const earlier = context?.callId === call.id ? context.previousCount : null
  const { transferred } = call
  return (
    <dl className={styles['facts']}>
      {transferred !== null && <TransferFact transferred={transferred} />}
      <dt>{t('desk.queue')}</dt>
      <dd>{queueName(call.queue.id)}</dd>
      <dt>{call.answeredAt === null ? t('desk.waitingFor') : t('desk.waited')}</dt>
      <dd>
        {call.answeredAt === null ? (
          <Elapsed since={call.arrivedAt} />
        ) : (
          duration(Date.parse(call.answeredAt) - Date.parse(call.arrivedAt))
        )}
      </dd>
      {/* In the place of the earlier calls, which the caller's page has too. */}
      {transferred === null && (
        <>
          <dt>{t('desk.earlier')}</dt>
          <dd>
            {earlier === null || call.caller === null
              ? t('common.none')
              : earlier === 0
                ? t('desk.earlierNone')
                : t('desk.earlier', { count: earlier })}
          </dd>
        </>
      )}
    </dl>
  )
}
