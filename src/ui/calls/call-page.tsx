import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { needsReason, ReasonForm } from '../access/reason-form.tsx'
import { useCallDetail } from './use-calls.ts'
import { Problem } from '../shared/server/api.ts'
import { Notice } from '../shared/components/notice.tsx'
import { problemText } from '../shared/server/problem-text.ts'
import { spokenNumber } from '../shared/phone-number.ts'
import { clock, longDate } from '../shared/time/time.ts'
import { useTitle } from '../shared/use-title.ts'
import { AddNote } from './add-note.tsx'
import { CallBackOfAgent } from './call-back.tsx'
import { CallSummary } from './call-summary.tsx'
import { CallTimeline } from './call-timeline.tsx'
import { ConsultedArticles } from './consulted-articles.tsx'
import { NoteList } from './note-list.tsx'
import { RegisteredRequests } from './registered-requests.tsx'
import { BlockNumber } from '../supervisor/blocked-callers/block-number.tsx'
import { RecordingBox } from '../recordings/recording-box.tsx'
import { VoicemailBox } from './voicemails/voicemail-box.tsx'
import { WrapUpRecord } from './wrap-up-record.tsx'
import styles from './calls.module.css'

/** One call in full: its events with their times, its recording, its notes. */
export function CallPage({ id }: { readonly id: string }) {
  const { t, i18n } = useTranslation()
  const { data: call, error, refetch } = useCallDetail(id, { follow: true })
  useTitle(`${t('calls.title')} · ${t('common.product')}`)
  if (needsReason(error))
    return (
      <div className={styles['page']}>
        <p className={styles['back']}>
          <Link href="/calls">‹ {t('calls.all')}</Link>
        </p>
        <h1 className={styles['title']}>{t('access.title')}</h1>
        <ReasonForm object="call" id={id} opened={refetch} />
      </div>
    )
  if (error instanceof Problem && (error.status === 404 || error.status === 403))
    return <Notice text={t('calls.page.missing')} />
  if (call === undefined)
    return error === null ? null : <Notice text={problemText(error, t)} again={() => void refetch()} />
  const number = call.caller === null ? t('common.withheld') : spokenNumber(call.caller)
  return (
    <div className={styles['page']}>
      <p className={styles['back']}>
        <Link href="/calls">‹ {t('calls.all')}</Link>
      </p>
      <div className={styles['titleRow']}>
        <h1 className={styles['title']}>
          {number}{' '}
          <span>{`${longDate(call.arrivedAt, i18n.language)}, ${clock(call.arrivedAt, i18n.language)}`}</span>
        </h1>
        {call.caller !== null && call.outcome !== null && <CallBackOfAgent whom={{ call: call.id }} />}
        {call.caller !== null && call.block === null && <BlockNumber number={call.caller} />}
      </div>
      <RecordingBox call={call} />
      <div className={styles['columns']}>
        <section aria-labelledby="timeline">
          <h2 id="timeline">{t('calls.page.timeline')}</h2>
          <CallTimeline call={call} />
        </section>
        <div>
          {call.voicemail !== null && <VoicemailBox one={call.voicemail} />}
          <section aria-labelledby="facts">
            <h2 id="facts">{t('calls.page.facts')}</h2>
            <CallSummary call={call} />
          </section>
          <section aria-labelledby="wrap-up">
            <h2 id="wrap-up">{t('calls.page.wrapUp')}</h2>
            <WrapUpRecord call={call} />
          </section>
          <RegisteredRequests call={call.id} />
          <ConsultedArticles call={call.id} />
          <section aria-labelledby="notes">
            <h2 id="notes">{t('calls.page.notes')}</h2>
            <NoteList notes={call.notes} />
            <AddNote call={call} />
          </section>
        </div>
      </div>
    </div>
  )
}
