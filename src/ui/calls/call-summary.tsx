import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { Detail } from './use-calls.ts'
import { clock, clockWithMs, duration, shortDateWithYear } from '../shared/time/time.ts'
import { useQueueName } from '../shared/server/queue-names.ts'
import { LinkedCalls } from './linked-calls.tsx'
import { OutcomeLabel } from './outcome-label.tsx'
import styles from './calls.module.css'

export function CallSummary({ call }: { readonly call: Detail }) {
  const { t, i18n } = useTranslation()
  const queueName = useQueueName()
  const none = t('common.none')
  const ofMany = call.legs.length > 1
  // One whom it rings only is not among them.
  const isListed = ofMany && call.legs.some(({ agent }) => agent.id === call.agent?.id)
  const length = (ms: number | null): string => (ms === null ? none : duration(ms))
  return (
    <dl className={styles['facts']}>
      <dt>{t('calls.outcome')}</dt>
      <dd>
        <OutcomeLabel outcome={call.outcome} />
      </dd>
      {call.block !== null && (
        <>
          <dt>{t('blockedCallers.ofCall')}</dt>
          <dd data-block>
            {t('blockedCallers.ofCallText', {
              reason: call.block.reason === '' ? t('blockedCallers.noReason') : call.block.reason,
              name: call.block.by.name,
              until: shortDateWithYear(call.block.until, i18n.language),
            })}
          </dd>
        </>
      )}
      {!isListed && (
        <>
          <dt>{t('calls.agent')}</dt>
          <dd>{call.agent?.name ?? none}</dd>
        </>
      )}
      {ofMany && (
        <>
          <dt>{t('calls.page.agents')}</dt>
          <dd data-legs>
            {call.legs.map((leg) => (
              <LegTimes key={leg.from} leg={leg} />
            ))}
          </dd>
        </>
      )}
      <Others call={call} as="consulted" />
      <Externals call={call} />
      <Others call={call} as="supervisor" />
      {call.direction === 'outbound' ? (
        <>
          <dt>{t('calls.page.direction')}</dt>
          <dd data-direction="outbound">{t('calls.page.outbound')}</dd>
        </>
      ) : (
        <>
          <dt>{t('calls.queue')}</dt>
          <dd>{queueName(call.queue ?? call.voicemail?.queue ?? null) ?? none}</dd>
          <dt>{t('calls.page.line')}</dt>
          <dd>{call.line}</dd>
          <dt>{t('calls.wait')}</dt>
          <dd>{length(call.waitMs)}</dd>
        </>
      )}
      <LinkedCalls call={call} />
      <dt>{t('calls.talk')}</dt>
      <dd>{length(call.talkMs)}</dd>
      {call.survey !== null && (
        <>
          <dt>{t('calls.survey.title')}</dt>
          <dd data-survey>{surveyText(call.survey, t)}</dd>
        </>
      )}
      <dt>{t('calls.page.ended')}</dt>
      <dd>
        {call.endedAt === null ? none : clockWithMs(call.endedAt, i18n.language)}
        {call.endedBy !== null && ` (${t(`calls.page.endedBy.${call.endedBy}`)})`}
      </dd>
    </dl>
  )
}

function surveyText({ helped, rating }: NonNullable<Detail['survey']>, t: TFunction): string {
  const answers = [
    ...(helped === null ? [] : [t(helped ? 'calls.survey.helped' : 'calls.survey.notHelped')]),
    ...(rating === null ? [] : [t('calls.survey.rated', { rating })]),
  ]
  return answers.length === 0 ? t('calls.survey.unanswered') : answers.join(', ')
}

interface OthersProps {
  readonly call: Detail
  readonly as: Detail['others'][number]['role']
}

/** Colleagues who were asked, or the supervisors, and how each took part. */
function Others({ call, as: role }: OthersProps) {
  const { t } = useTranslation()
  const legs = call.others.filter((leg) => leg.role === role)
  if (legs.length === 0) return null
  const how = ({ withCaller, modes }: (typeof legs)[number]): string =>
    [
      ...(withCaller ? [t('calls.page.withCaller')] : []),
      ...modes.map((mode) => t(`calls.page.took.${mode}`)),
    ].join(', ')
  return (
    <>
      <dt>{t(role === 'consulted' ? 'calls.page.consulted' : 'calls.page.supervisors')}</dt>
      <dd data-others={role}>
        {legs.map((leg) => (
          <LegTimes key={leg.from} leg={leg} how={how(leg)} />
        ))}
      </dd>
    </>
  )
}

/** Departments and interpreters who were in the call. */
function Externals({ call }: { readonly call: Detail }) {
  const { t } = useTranslation()
  if (call.externals.length === 0) return null
  return (
    <>
      <dt>{t('calls.page.external')}</dt>
      <dd data-others="external">
        {call.externals.map(({ contact, from, until }) => (
          <LegTimes key={from} leg={{ agent: contact, from, until }} />
        ))}
      </dd>
    </>
  )
}

interface LegTimesProps {
  readonly leg: Pick<Detail['legs'][number], 'agent' | 'from' | 'until'>
  readonly how?: string
}

function LegTimes({ leg, how = '' }: LegTimesProps) {
  const { t, i18n } = useTranslation()
  const { agent, from, until } = leg
  return (
    <span className={styles['leg']}>
      {agent.name}{' '}
      <span className="tabular">
        {clock(from, i18n.language)}–{until === null ? t('calls.page.now') : clock(until, i18n.language)}
      </span>
      {how !== '' && ` (${how})`}
    </span>
  )
}
