import { useTranslation } from 'react-i18next'
import type { Today } from '../../../../http/live/wire.ts'
import { hourAndMinute } from '../../../shared/time/time.ts'
import { trendScale } from './trend-scale.ts'
import styles from './trend.module.css'

type Slots = Today['slots']
const height = 100
const column = 10
const gap = 2

/**
 * The day in half-hours: the outline of a column is what entered the line, its foot what was answered, its top what was
 * abandoned. The same numbers are a table for screen readers.
 */
export function Trend({ slots }: { readonly slots: Slots }) {
  const { t, i18n } = useTranslation()
  const most = Math.max(1, ...slots.map(({ offered }) => offered))
  const scale = trendScale(slots)
  const time = (from: string): string => hourAndMinute(from, i18n.language)
  const tall = (count: number): number => (count / most) * height
  return (
    <figure className={styles['trend']} data-trend>
      <figcaption>
        <strong>{t('board.trend.title')}</strong>
        <span className={styles['legend']}>
          <i data-part="answered" /> {t('board.trend.answered')}
          <i data-part="abandoned" /> {t('board.trend.abandoned')}
          <i data-part="offered" /> {t('board.trend.offered')}
        </span>
      </figcaption>
      {scale === null ? (
        <p>{t('board.trend.none')}</p>
      ) : (
        <>
          <svg
            viewBox={`0 0 ${scale.columns * (column + gap)} ${height}`}
            preserveAspectRatio="none"
            aria-hidden="true"
          >
            {slots.map(({ from, offered, answered, abandoned }, index) => {
              const x = (scale.first + index) * (column + gap)
              return (
                <g key={from}>
                  <title>{t('board.trend.slot', { time: time(from), offered, answered, abandoned })}</title>
                  <rect className={styles['hit']} x={x} y={0} width={column + gap} height={height} />
                  {(
                    [
                      ['offered', offered, offered],
                      ['answered', answered, answered],
                      ['abandoned', abandoned, answered + abandoned],
                    ] as const
                  ).map(([part, count, top]) => (
                    <rect
                      key={part}
                      data-part={part}
                      x={x}
                      y={height - tall(top)}
                      width={column}
                      height={tall(count)}
                    />
                  ))}
                </g>
              )
            })}
          </svg>
          <div className={styles['axis']} aria-hidden="true">
            <span>{time(scale.beginsAt)}</span>
            <span>{t('board.trend.most', { count: most })}</span>
            <span>{scale.endsAt === null ? t('board.trend.now') : time(scale.endsAt)}</span>
          </div>
          <div className="spoken-only">
            <table>
              <caption>{t('board.trend.title')}</caption>
              <thead>
                <tr>
                  <th scope="col">{t('board.trend.time')}</th>
                  <th scope="col">{t('board.trend.offered')}</th>
                  <th scope="col">{t('board.trend.answered')}</th>
                  <th scope="col">{t('board.trend.abandoned')}</th>
                </tr>
              </thead>
              <tbody>
                {slots.map(({ from, offered, answered, abandoned }) => (
                  <tr key={from}>
                    <th scope="row">{time(from)}</th>
                    <td>{offered}</td>
                    <td>{answered}</td>
                    <td>{abandoned}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </>
      )}
    </figure>
  )
}
