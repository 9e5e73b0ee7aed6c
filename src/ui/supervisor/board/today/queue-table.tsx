import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { missesServiceLevel } from '../../../../core/reports/figures.ts'
import { useLive } from '../../../live/use-live.ts'
import { duration, percent } from '../../../shared/time/time.ts'
import { hasOwnTargets, overflowsFrom, tonesOf } from '../figures.ts'
import { queueAddress, useShownQueue } from '../queue/shown.ts'
import { formulaOf, useQueueStrips } from '../strip-figures.ts'
import { Explained } from '../../../shared/components/explained.tsx'
import { useQueueName } from '../../../shared/server/queue-names.ts'
import styles from '../board.module.css'

/**
 * Each queue: who waits, for how long, who is free for it, and its service level of the last 30 minutes. Its name leads to the
 * board of that queue, and back.
 */
export function QueueTable() {
  const { t, i18n } = useTranslation()
  const strips = useQueueStrips()
  const queueName = useQueueName()
  const today = useLive((state) => state.today)
  const shown = useShownQueue()
  if (today === null) return null
  const hasTargets = hasOwnTargets(today)
  return (
    <div>
      <h3 className={styles['subtitle']}>{t('board.queues.title')}</h3>
      <table data-queues>
        <thead>
          <tr>
            <th scope="col">{t('board.waiting.queue')}</th>
            <th scope="col" className={`${styles['figure']} ${styles['narrow']}`}>
              {t('board.queues.waiting')}
            </th>
            <th scope="col" className={`${styles['figure']} ${styles['narrow']}`}>
              {t('board.figures.free')}
            </th>
            <th scope="col" className={`${styles['figure']} ${styles['period']}`}>
              {t('board.figures.recent')}
            </th>
          </tr>
        </thead>
        <tbody>
          {strips.map((strip) => {
            const { id, waiting, longestMs, free, recent, target } = strip
            const tones = tonesOf(strip)
            const misses = missesServiceLevel(recent)
            return (
              <tr key={id} data-queue={id}>
                <th scope="row" title={queueName(id) ?? undefined}>
                  <Link
                    href={queueAddress(id === shown ? null : id)}
                    replace
                    {...(id === shown ? { 'aria-current': 'true' as const } : {})}
                  >
                    {queueName(id)}
                  </Link>
                  {hasTargets && (
                    <span
                      className={styles['target']}
                      data-target={id}
                      data-tone={misses ? 'breach' : 'none'}
                    >
                      {t(misses ? 'board.queues.belowTarget' : 'board.queues.target', {
                        value: percent(target.percent / 100, i18n.language),
                        seconds: target.withinMs / 1_000,
                      })}
                    </span>
                  )}
                  {overflowsFrom(id, today.overflows).map(({ to, way, day }) => {
                    const text =
                      way === undefined
                        ? t('board.queues.overflowed', { count: day, queue: queueName(to) })
                        : t(`board.queues.overflowedTo.${way}`, { count: day })
                    return (
                      <span
                        key={way ?? to}
                        className={styles['overflowed']}
                        title={text}
                        data-overflowed={way ?? to}
                      >
                        {text}
                      </span>
                    )
                  })}
                </th>
                <td
                  className={styles['figure']}
                  data-tone={tones.longest}
                  title={longestMs === null ? undefined : duration(longestMs)}
                >
                  {waiting}
                </td>
                <td className={styles['figure']} data-tone={tones.free}>
                  {free}
                </td>
                <td className={styles['figure']} data-tone={misses ? 'breach' : 'none'}>
                  <Explained
                    by={formulaOf('serviceLevel', today, recent, t, i18n.language, target.withinMs)}
                    name={`serviceLevel-${id}`}
                  >
                    {percent(recent.serviceLevel, i18n.language)}
                  </Explained>
                </td>
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}
