import { useTranslation } from 'react-i18next'
import { Explained } from '../../shared/components/explained.tsx'
import { Icon } from '../../shared/components/icon.tsx'
import { useShownToday } from './queue/shown.ts'
import { stripFigures, useStrip } from './strip-figures.ts'
import styles from './board.module.css'

/** Five figures in one line; each explains on focus how it is computed. */
export function FigureStrip() {
  const { t, i18n } = useTranslation()
  const strip = useStrip()
  const today = useShownToday()
  return (
    <ul className={styles['figures']} aria-label={t('board.figures.label')}>
      {stripFigures(strip, today, t, i18n.language).map(({ name, label, value, tone, day, formula }) => (
        <li key={name} data-tone={tone} data-strip={name}>
          <Explained by={formula} name={name}>
            {tone === 'alarm' && <Icon name="warning" size={14} />}
            {label} {day !== null && <small>{t('board.figures.recent')}</small>} <strong>{value}</strong>
            {day !== null && (
              <small data-tone={day.tone}>
                {t('board.figures.day')} <b>{day.value}</b>
              </small>
            )}
          </Explained>
        </li>
      ))}
    </ul>
  )
}
