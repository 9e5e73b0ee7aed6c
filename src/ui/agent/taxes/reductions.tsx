import { useTranslation } from 'react-i18next'
import { shortDay } from './money.ts'
import { ObjectHeading } from './object-heading.tsx'
import type { SectionOf } from './section.ts'
import styles from './taxes.module.css'

interface ReductionsProps {
  readonly section: SectionOf<'reductions'>
  readonly object: string | null
  readonly objects: SectionOf<'objects'>['items']
}

export function Reductions({ section, object, objects }: ReductionsProps) {
  const { t } = useTranslation()
  const shown = section.items.filter((item) => object === null || item.object === object)
  if (shown.length === 0) return <p>{t(object === null ? 'taxes.noReductions' : 'taxes.noReduction')}</p>
  return shown.map((item) => (
    <section key={item.object} className={styles['entry']}>
      <ObjectHeading objects={objects} object={item.object} />
      <ul className={styles['plainList']}>
        {item.reductions.map(({ ground, percent, from, to }) => (
          <li key={`${ground} ${from}`}>
            <strong className={styles['figure']}>{percent}%</strong> {ground}
            <span className={styles['quiet']}>
              {to === null
                ? t('taxes.reductionSince', { from: shortDay(from) })
                : t('taxes.reductionWithin', { from: shortDay(from), to: shortDay(to) })}
            </span>
          </li>
        ))}
      </ul>
    </section>
  ))
}
