import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { useLive } from '../../live/use-live.ts'
import { useTitle } from '../../shared/use-title.ts'
import { useNow } from '../../shared/time/now.ts'
import { duration, hourAndMinute } from '../../shared/time/time.ts'
import { waitingCalls, waitMs } from '../board/figures.ts'
import { stripFigures, useStrip } from '../board/strip-figures.ts'
import { Updated } from '../board/updated.tsx'
import styles from './wall.module.css'

const shownMax = 5

/** The wallboard for a television: five figures, legible at six metres, without names or numbers. */
export function WallPage() {
  const { t, i18n } = useTranslation()
  const strip = useStrip()
  const today = useLive((state) => state.today)
  const calls = useLive((state) => state.calls)
  const skewMs = useLive((state) => state.skewMs)
  const now = useNow() + skewMs
  const targetMs = today?.serviceLevelTargetMs ?? 20_000
  const waiting = waitingCalls(calls.values())
  useTitle(`${t('board.wall.title')} · ${t('common.nav.wall')}`)
  return (
    <div className={styles['wall']}>
      <h1 className="spoken-only">{t('common.nav.wall')}</h1>
      <dl className={styles['figures']}>
        {stripFigures(strip, today, t, i18n.language).map(({ name, label, value, breach }) => (
          <div key={name} data-figure={name} data-breach={breach}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <ol className={styles['line']} aria-label={t('board.wall.line')}>
        {waiting.slice(0, shownMax).map((call) => {
          const ms = waitMs(call, now)
          return (
            <li key={call.id} data-breach={ms > targetMs}>
              <span>{call.queue.name}</span>
              <span>{duration(ms)}</span>
            </li>
          )
        })}
      </ol>
      {waiting.length > shownMax && (
        <p className={styles['more']}>{t('board.wall.more', { count: waiting.length - shownMax })}</p>
      )}
      {waiting.length === 0 && <p className={styles['nobody']}>{t('board.wall.nobody')}</p>}
      <footer className={styles['foot']}>
        <Link href="/board">{t('board.wall.leave')}</Link>
        <Updated />
        <span>{hourAndMinute(now, i18n.language)}</span>
      </footer>
    </div>
  )
}
