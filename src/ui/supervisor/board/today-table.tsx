import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { Today } from '../../../http/live/wire.ts'
import { useLive } from '../../live/use-live.ts'
import { Explained } from '../../shared/components/explained.tsx'
import { numeral, percent } from '../../shared/time/time.ts'
import { abandonmentTarget, serviceLevelTarget } from './figures.ts'
import { Panel } from './panel.tsx'
import styles from './board.module.css'

interface Row {
  readonly name:
    | 'offered'
    | 'answered'
    | 'answeredWithin'
    | 'serviceLevel'
    | 'abandoned'
    | 'abandonment'
    | 'averageAnswer'
  readonly value: string
  readonly target: string
  readonly breach: boolean
}

/** The figures of the day; each explains on focus how it is computed. */
export function TodayTable() {
  const { t, i18n } = useTranslation()
  const today = useLive((state) => state.today)
  const seconds = (today?.serviceLevelTargetMs ?? 20_000) / 1000
  return (
    <Panel id="today" title={t('board.today.title')}>
      <table>
        <tbody>
          {today !== null &&
            rowsOf(today, t, i18n.language).map(({ name, value, target, breach }) => (
              <tr key={name}>
                <th scope="row">
                  <Explained by={t(`board.formula.${name}`, { target: seconds })}>
                    {t(`board.today.${name}`)}
                  </Explained>
                </th>
                <td className={`${styles['figure']} ${breach ? styles['breach'] : ''}`}>
                  <strong>{value}</strong>
                  <span className={styles['target']}>{target}</span>
                </td>
              </tr>
            ))}
        </tbody>
      </table>
    </Panel>
  )
}

function rowsOf(today: Today, t: TFunction, language: string): readonly Row[] {
  const count = (name: Row['name'], value: number): Row => ({
    name,
    value: String(value),
    target: '',
    breach: false,
  })
  const target = (value: number): string => t('board.today.target', { value: percent(value, language) })
  const { serviceLevel, abandonment, averageAnswerMs } = today
  const average = averageAnswerMs === null ? null : averageAnswerMs / 1000
  return [
    count('offered', today.offered),
    count('answered', today.answered),
    count('answeredWithin', today.answeredWithin),
    {
      name: 'serviceLevel',
      value: percent(serviceLevel, language),
      target: target(serviceLevelTarget),
      breach: serviceLevel !== null && serviceLevel < serviceLevelTarget,
    },
    count('abandoned', today.abandoned),
    {
      name: 'abandonment',
      value: percent(abandonment, language),
      target: t('board.today.targetBelow', { value: percent(abandonmentTarget, language) }),
      breach: abandonment !== null && abandonment >= abandonmentTarget,
    },
    {
      name: 'averageAnswer',
      value:
        average === null ? t('common.none') : `${numeral(average, language, { maximumFractionDigits: 1 })} s`,
      target: '',
      breach: false,
    },
  ]
}
