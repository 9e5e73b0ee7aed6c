import { useTranslation } from 'react-i18next'
import type { Today } from '../../../../http/live/wire.ts'
import { useQueueName } from '../../../shared/server/queue-names.ts'
import { numeral, percent } from '../../../shared/time/time.ts'
import styles from '../board.module.css'

/** The answers of the day's callers by queue; nothing while nobody has been asked. */
export function SurveyTable({ surveys }: { readonly surveys: Today['surveys'] }) {
  const { t, i18n } = useTranslation()
  const queueName = useQueueName()
  if (surveys.length === 0) return null
  const figure = `${styles['figure']} ${styles['narrow']}`
  return (
    <div>
      <h3 className={styles['subtitle']}>{t('board.survey.title')}</h3>
      <table data-surveys>
        <thead>
          <tr>
            <th scope="col">{t('board.waiting.queue')}</th>
            <th scope="col" className={figure} title={t('board.survey.answeredHint')}>
              {t('board.survey.answered')}
            </th>
            <th scope="col" className={figure} title={t('board.survey.helpedHint')}>
              {t('board.survey.helped')}
            </th>
            <th scope="col" className={figure} title={t('board.survey.ratingHint')}>
              {t('board.survey.rating')}
            </th>
          </tr>
        </thead>
        <tbody>
          {surveys.map(({ queue, asked, answered, helped, rated, ratings }) => (
            <tr key={queue} data-queue={queue}>
              <th scope="row" title={queueName(queue) ?? undefined}>
                {queueName(queue)}
              </th>
              <td className={styles['figure']}>{t('board.survey.of', { answered, asked })}</td>
              <td className={styles['figure']}>
                {percent(answered === 0 ? null : helped / answered, i18n.language)}
              </td>
              <td className={styles['figure']}>
                {rated === 0
                  ? t('common.none')
                  : numeral(ratings / rated, i18n.language, { maximumFractionDigits: 1 })}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
