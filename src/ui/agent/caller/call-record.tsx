import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { needsReason, ReasonForm } from '../../access/reason-form.tsx'
import { spokenNumber } from '../../shared/phone-number.ts'
import { duration, longDate, clock } from '../../shared/time/time.ts'
import { CallBack } from '../outbound/call-back.tsx'
import { AgentNames } from '../../calls/agent-names.tsx'
import { NoteList } from '../../calls/note-list.tsx'
import { OutcomeLabel } from '../../calls/outcome-label.tsx'
import { WrapUpRecord } from '../../calls/wrap-up-record.tsx'
import { useCallDetail } from '../../calls/use-calls.ts'
import styles from './caller-zone.module.css'

interface CallRecordProps {
  readonly id: string | null
  /** A call of the present caller, whose number is on the page already. */
  readonly ofCaller: boolean
}

/** One earlier call, shown beside the present one. */
export function CallRecord({ id, ofCaller }: CallRecordProps) {
  const { t, i18n } = useTranslation()
  const { data: call, error, refetch } = useCallDetail(id)
  if (id === null) return <p className={styles['empty']}>{t('desk.caller.choose')}</p>
  if (needsReason(error)) return <ReasonForm object="call" id={id} opened={refetch} key={id} />
  if (call === undefined) return null
  return (
    <article aria-label={t('desk.caller.previous')}>
      <h3 className={styles['title']}>
        {longDate(call.arrivedAt, i18n.language)}, {clock(call.arrivedAt, i18n.language)}
      </h3>
      {!ofCaller && (
        <p className={styles['caller']}>
          {call.caller === null ? t('common.withheld') : spokenNumber(call.caller)}
        </p>
      )}
      <dl className={styles['facts']}>
        <dt>{t('desk.caller.outcome')}</dt>
        <dd>
          <OutcomeLabel outcome={call.outcome} />
        </dd>
        <dt>{t('desk.caller.agent')}</dt>
        <dd>
          <AgentNames call={call} />
        </dd>
        <dt>{t('desk.caller.wait')}</dt>
        <dd>{call.waitMs === null ? t('common.none') : duration(call.waitMs)}</dd>
        <dt>{t('desk.caller.talk')}</dt>
        <dd>{call.talkMs === null ? t('common.none') : duration(call.talkMs)}</dd>
      </dl>
      <WrapUpRecord call={call} key={call.id} />
      <h4 className={styles['heading']}>{t('desk.caller.notes')}</h4>
      <NoteList notes={call.notes} />
      {!ofCaller && call.caller !== null && call.outcome !== null && (
        <p>
          <CallBack whom={{ call: call.id }} />
        </p>
      )}
      <p>
        <Link href={`/calls/${encodeURIComponent(call.id)}`}>{t('desk.caller.open')}</Link>
      </p>
    </article>
  )
}
