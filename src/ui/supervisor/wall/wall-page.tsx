import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { missesServiceLevel } from '../../../core/reports/figures.ts'
import { useLive } from '../../live/use-live.ts'
import { Icon } from '../../shared/components/icon.tsx'
import { useTitle } from '../../shared/use-title.ts'
import { useNow } from '../../shared/time/now.ts'
import { duration, hourAndMinute, percent } from '../../shared/time/time.ts'
import { AgentStates } from '../board/agent-states.tsx'
import {
  hasOwnTargets,
  isCallback,
  thresholdRange,
  thresholdsIn,
  tonesOf,
  waitingCalls,
  waitMs,
  type WithinMs,
} from '../board/figures.ts'
import type { Today } from '../../../http/live/wire.ts'
import { queueAddress, useShownCalls, useShownQueue, useShownToday } from '../board/queue/shown.ts'
import { stripFigures, useQueueStrips, useStrip } from '../board/strip-figures.ts'
import { Trend } from '../board/today/trend.tsx'
import { Updated } from '../board/updated.tsx'
import { useQueueName } from '../../shared/server/queue-names.ts'
import styles from './wall.module.css'

/** Of one queue the list has the place of the tiles. */
const shownMax = { line: 4, queue: 5 }

/** The wallboard for a television: figures, queues and agents, legible from afar, without names or numbers of people. */
export function WallPage() {
  const { t, i18n } = useTranslation()
  const strip = useStrip()
  const queue = useShownQueue()
  const queueName = useQueueName()
  const today = useShownToday()
  const skewMs = useLive((state) => state.skewMs)
  const now = useNow() + skewMs
  const { from, to } = thresholdRange(today)
  const alarm = tonesOf(strip).waiting === 'alarm'
  useTitle(`${t('board.wall.title')} · ${t('common.nav.wall')}`)
  return (
    <div className={styles['wall']} data-one-queue={queue !== null}>
      {queue === null ? <h1 className="spoken-only">{t('common.nav.wall')}</h1> : <h1>{queueName(queue)}</h1>}
      <dl className={styles['figures']}>
        {stripFigures(strip, today, t, i18n.language).map(({ name, label, value, tone, day }) => (
          <div key={name} data-figure={name} data-tone={tone}>
            <dt>
              {label}
              {day !== null && <small> {t('board.figures.recent')}</small>}
            </dt>
            <dd>
              {value}
              <small data-tone={day?.tone ?? 'none'}>
                {day !== null && `${t('board.figures.day')} ${day.value}`}
              </small>
            </dd>
          </div>
        ))}
      </dl>
      <output className={styles['alarm']} data-alarm={alarm}>
        {alarm && (
          <>
            <Icon name="warning" size={34} />{' '}
            {from === to ? t('board.wall.alarm', { target: from }) : t('board.wall.alarmByQueue')}
          </>
        )}
      </output>
      <div className={styles['middle']}>
        {queue === null && <Queues today={today} />}
        <Line
          withinMs={thresholdsIn(today)}
          now={now}
          max={queue === null ? shownMax.line : shownMax.queue}
        />
        <section className={styles['agents']} aria-labelledby="wall-agents">
          <h2 id="wall-agents">{t('board.working.states')}</h2>
          <AgentStates />
        </section>
      </div>
      <Trend slots={today?.slots ?? []} />
      <footer className={styles['foot']}>
        <Link href={`/board${queue === null ? '' : queueAddress(queue)}`}>{t('board.wall.leave')}</Link>
        <Updated />
        <span>{hourAndMinute(now, i18n.language)}</span>
      </footer>
    </div>
  )
}

function Queues({ today }: { readonly today: Today | null }) {
  const { t, i18n } = useTranslation()
  const strips = useQueueStrips()
  const queueName = useQueueName()
  return (
    <section aria-labelledby="wall-queues">
      <h2 id="wall-queues">{t('board.queues.title')}</h2>
      <ul className={styles['tiles']}>
        {strips.map((strip) => {
          const { id, waiting, longestMs, free, recent, target } = strip
          const tones = tonesOf(strip)
          return (
            <li key={id} data-queue={id} data-tone={tones.waiting}>
              <strong>{queueName(id)}</strong>
              <span>
                {t('board.queues.inLine', { count: waiting })}
                {longestMs !== null && <b data-tone={tones.longest}> · {duration(longestMs)}</b>}
              </span>
              <span data-tone={tones.free}>{t('board.queues.freeCount', { count: free })}</span>
              <span data-tone={missesServiceLevel(recent) ? 'breach' : 'none'}>
                {t('board.queues.level', { value: percent(recent.serviceLevel, i18n.language) })}
                {today !== null && hasOwnTargets(today) && (
                  <small>
                    {' '}
                    {t('board.queues.target', {
                      value: percent(target.percent / 100, i18n.language),
                      seconds: target.withinMs / 1_000,
                    })}
                  </small>
                )}
              </span>
            </li>
          )
        })}
      </ul>
    </section>
  )
}

interface LineProps {
  readonly withinMs: WithinMs
  readonly now: number
  readonly max: number
}

/** The longest waits. */
function Line({ withinMs, now, max }: LineProps) {
  const { t } = useTranslation()
  const queueName = useQueueName()
  const calls = useShownCalls()
  const queued = waitingCalls(calls.values())
  const waiting = queued.filter((call) => !isCallback(call))
  const callbacks = queued.length - waiting.length
  return (
    <section aria-labelledby="wall-line">
      <h2 id="wall-line">{t('board.wall.line')}</h2>
      <ol className={styles['line']}>
        {waiting.slice(0, max).map((call) => {
          const ms = waitMs(call, now)
          return (
            <li key={call.id} data-tone={ms > withinMs(call.queue.id) ? 'breach' : 'none'}>
              <span>{queueName(call.queue.id)}</span>
              <span>{duration(ms)}</span>
            </li>
          )
        })}
      </ol>
      {waiting.length > max && (
        <p className={styles['more']}>{t('board.wall.more', { count: waiting.length - max })}</p>
      )}
      {callbacks > 0 && <p className={styles['more']}>{t('board.wall.callbacks', { count: callbacks })}</p>}
      {waiting.length === 0 && <p className={styles['more']}>{t('board.wall.nobody')}</p>}
    </section>
  )
}
