import { useTranslation } from 'react-i18next'
import { useLive } from '../../live/use-live.ts'
import { Explained } from '../../shared/components/explained.tsx'
import { stripFigures, useStrip } from './strip-figures.ts'
import styles from './board.module.css'

/** Five figures in one line; each explains on focus how it is computed. */
export function FigureStrip() {
  const { t, i18n } = useTranslation()
  const strip = useStrip()
  const today = useLive((state) => state.today)
  return (
    <ul className={styles['figures']} aria-label={t('board.figures.label')}>
      {stripFigures(strip, today, t, i18n.language).map(({ name, label, value, breach, formula }) => (
        <li key={name}>
          <Explained by={formula} name={name}>
            {label} <strong className={breach ? styles['breach'] : undefined}>{value}</strong>
          </Explained>
        </li>
      ))}
    </ul>
  )
}
