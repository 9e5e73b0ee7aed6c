import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { abandonmentTarget, missesAbandonment, missesServiceLevel } from '../../../../core/reports/figures.ts'
import type { FiguresView, Today } from '../../../../http/live/wire.ts'
import { Explained } from '../../../shared/components/explained.tsx'
import { numeral, percent } from '../../../shared/time/time.ts'
import { Panel } from '../panel.tsx'
import { useShownToday } from '../queue/shown.ts'
import { QueueTable } from './queue-table.tsx'
import { formulaOf } from '../strip-figures.ts'
import { SurveyTable } from './survey-table.tsx'
import { Trend } from './trend.tsx'
import styles from '../board.module.css'

interface Row {
  readonly name: Parameters<typeof formulaOf>[0]
  /** `overflowed`: callers who have overflowed in the period. */
  readonly value: (figures: FiguresView, overflowed: number) => string
  readonly breach?: (figures: FiguresView) => boolean
  readonly target?: string
}

/** The figures of the last 30 minutes and of the day, by queue, and the day's course. */
export function TodayTable() {
  const { t, i18n } = useTranslation()
  const today = useShownToday()
  return (
    <Panel id="today" title={t('board.today.title')}>
      {today !== null && (
        <div className={styles['today']}>
          <table>
            <thead>
              <tr>
                <th scope="col">{t('board.today.figure')}</th>
                <th scope="col" className={`${styles['figure']} ${styles['period']}`}>
                  {t('board.figures.recent')}
                </th>
                <th scope="col" className={`${styles['figure']} ${styles['period']}`}>
                  {t('board.figures.day')}
                </th>
              </tr>
            </thead>
            <tbody>
              {rowsOf(today, t, i18n.language).map(({ name, value, breach, target }) => (
                <tr key={name} data-figures={name}>
                  <th scope="row">
                    <Explained by={formulaOf(name, today, today.day, t, i18n.language)} name={name}>
                      {t(`board.today.${name}`)}
                    </Explained>
                    {target !== undefined && <span className={styles['target']}>{target}</span>}
                  </th>
                  {periods.map((period) => (
                    <td
                      key={period}
                      className={styles['figure']}
                      data-tone={breach?.(today[period]) === true ? 'breach' : 'none'}
                    >
                      <strong>{value(today[period], overflowedIn(today, period))}</strong>
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
          <Trend slots={today.slots} />
          <QueueTable />
          <SurveyTable surveys={today.surveys} />
        </div>
      )}
    </Panel>
  )
}

const periods = ['recent', 'day'] as const

const overflowedIn = ({ overflows }: Today, period: (typeof periods)[number]): number =>
  overflows.reduce((sum, one) => sum + one[period], 0)

const count = (name: 'offered' | 'answered' | 'answeredWithin' | 'abandoned' | 'shortAbandoned'): Row => ({
  name,
  value: (figures) => String(figures[name]),
})

const overflowed: Row = { name: 'overflowed', value: (_figures, count) => String(count) }

function rowsOf(today: Today, t: TFunction, language: string): readonly Row[] {
  return [
    {
      name: 'serviceLevel',
      value: ({ serviceLevel }) => percent(serviceLevel, language),
      breach: missesServiceLevel,
      target: t('board.today.target', { value: percent(today.day.targetPercent / 100, language) }),
    },
    {
      name: 'abandonment',
      value: ({ abandonment }) => percent(abandonment, language),
      breach: missesAbandonment,
      target: t('board.today.targetBelow', { value: percent(abandonmentTarget, language) }),
    },
    count('offered'),
    count('answered'),
    count('answeredWithin'),
    count('abandoned'),
    count('shortAbandoned'),
    // Most cities have no queue that overflows.
    ...(today.overflows.length === 0 ? [] : [overflowed]),
    {
      name: 'averageAnswer',
      value: ({ averageAnswerMs }) =>
        averageAnswerMs === null
          ? t('common.none')
          : `${numeral(averageAnswerMs / 1000, language, { maximumFractionDigits: 1 })} s`,
    },
  ]
}
