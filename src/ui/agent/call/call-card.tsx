import { useTranslation } from 'react-i18next'
import type { LiveCallView } from '../../../http/live/wire.ts'
import { useLive } from '../../live/use-live.ts'
import { Elapsed } from '../../shared/time/elapsed.tsx'
import { spokenNumber } from '../../shared/phone-number.ts'
import { duration, hourAndMinute, shortDate } from '../../shared/time/time.ts'
import { useMe } from '../../shared/server/me.ts'
import { useStore } from '../../shared/store.ts'
import { AskedBy } from '../consult/asked-by.tsx'
import { ConsultEnded } from '../consult/consult-ended.tsx'
import { consultEnd } from '../consult/consult-end.ts'
import { ConsultStrip } from '../consult/consult-strip.tsx'
import { inCall } from '../desk-actions.ts'
import { isAsked, type DeskState } from '../desk-state.ts'
import { usePhone } from '../phone/use-phone.ts'
import { goToPane } from '../work/open-pane.ts'
import { shown } from '../requests/shown-request.ts'
import { useDeskCall } from '../use-desk.ts'
import { IdleCard } from './idle-card.tsx'
import { useQueueName } from '../../shared/server/queue-names.ts'
import { Trail } from './trail.tsx'
import { waitOf, type Wait } from './call-wait.ts'
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
        {call !== null && <CallerLanguage call={call} />}
        {call !== null && <Trail call={call} />}
      </div>
      {call !== null && <Below call={call} state={state} />}
    </div>
  )
}

/** The language that the caller chose by a key: an interpreter may be needed from the first word. */
function CallerLanguage({ call: { language } }: { readonly call: LiveCallView }) {
  const { t } = useTranslation()
  // During an update the feed may be of a node of the release before, which does not say it.
  if ((language ?? null) === null) return null
  const words = t('desk.callerLanguage', { language })
  return (
    <p className={styles['language']} data-caller-language={language} title={words}>
      {words}
    </p>
  )
}

/** The consultation has the place of the facts, so that the buttons below never move. */
function Below({ call, state }: { readonly call: LiveCallView; readonly state: DeskState }) {
  const me = useMe()
  const ended = useStore(consultEnd)
  if (isAsked(call, me.id) && state.name !== 'wrap-up') return <AskedBy call={call} />
  if (inCall(state) && call.consult !== null) return <ConsultStrip call={call} state={state} />
  if (ended !== null && ended.call === call.id && inCall(state)) return <ConsultEnded end={ended} />
  return <CallFacts call={call} />
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

function WaitFact({ waited }: { readonly waited: Wait | null }) {
  const { t } = useTranslation()
  if (waited === null) return null
  const { since, until } = waited
  return (
    <>
      <dt>{until === null ? t('desk.waitingFor') : t('desk.waited')}</dt>
      <dd data-wait={until === null ? 'going' : 'over'}>
        {until === null ? <Elapsed since={since} /> : duration(Date.parse(until) - Date.parse(since))}
      </dd>
    </>
  )
}

/** The time of today, or the day: there is no room for both. */
const momentOf = (at: string, language: string): string =>
  shortDate(at, language) === shortDate(new Date().toISOString(), language)
    ? hourAndMinute(at, language)
    : shortDate(at, language)

/** The request about which the citizen has asked on the public page to be called; it opens once they have answered. */
function AboutRequest({ request, call }: { readonly request: string; readonly call: LiveCallView }) {
  const { t } = useTranslation()
  return (
    <>
      <dt>{t('desk.outbound.askedOnPage')}</dt>
      <dd data-about-request={request}>
        {call.answeredAt === null ? (
          request
        ) : (
          <button
            type="button"
            className={styles['about']}
            onClick={() => {
              shown.set({ kind: 'request', id: request, call: call.id })
              goToPane('requests')
            }}
          >
            {request}
          </button>
        )}
      </dd>
    </>
  )
}

function CallFacts({ call }: { readonly call: LiveCallView }) {
  const { t, i18n } = useTranslation()
  const queueName = useQueueName()
  const context = useLive((live) => live.context)
  const earlier = context?.callId === call.id ? context.previousCount : null
  const { placedBy, transferred, callback } = call
  const requests = callback?.requests ?? []
  const promised =
    callback &&
    t(callback.of === null ? 'desk.outbound.promisedOnPage' : 'desk.outbound.promised', {
      at: momentOf(callback.promisedAt, i18n.language),
    })
  const me = useMe()
  const isOwn = placedBy?.id === me.id
  // There is room for three facts: a colleague who called the citizen and sent them on is named once.
  const sentBy =
    transferred !== null && !isOwn && !transferred.failed && transferred.by.id === placedBy?.id
      ? null
      : transferred
  return (
    <dl className={styles['facts']}>
      {sentBy !== null && <TransferFact transferred={sentBy} />}
      {placedBy !== null && (
        <>
          <dt>{t(isOwn ? 'desk.outbound.kind' : 'desk.outbound.byOther')}</dt>
          <dd data-placed-by>{isOwn ? (promised ?? t('desk.outbound.by')) : placedBy.name}</dd>
        </>
      )}
      {/* In the place of the number that the citizen sees: there is no room for four facts. */}
      {isOwn && requests.length === 0 && (
        <>
          <dt>{t('desk.outbound.shows')}</dt>
          <dd>{call.line}</dd>
        </>
      )}
      {!isOwn && (placedBy === null || sentBy === null) && (
        <>
          <dt>{t('desk.queue')}</dt>
          <dd>{queueName(call.queue.id)}</dd>
        </>
      )}
      {placedBy === null && promised !== null && (
        <>
          <dt>{t('desk.outbound.kind')}</dt>
          <dd data-callback>{promised}</dd>
        </>
      )}
      {/* The one asked about last: the call's record has all of them. */}
      {requests.slice(-1).map((request) => (
        <AboutRequest request={request} call={call} key={request} />
      ))}
      {!isOwn && call.callback === null && <WaitFact waited={waitOf(call)} />}
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
