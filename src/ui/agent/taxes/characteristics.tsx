import { useTranslation } from 'react-i18next'
import { objectKinds } from '../../../http/taxes/wire.ts'
import { shortDay } from './money.ts'
import type { SectionOf } from './section.ts'
import styles from './taxes.module.css'

interface CharacteristicsProps {
  readonly items: SectionOf<'objects'>['items']
  readonly object: string | null
}

/** The characteristics of the chosen object; for the whole account, the number of objects of each kind. */
export function Characteristics({ items, object }: CharacteristicsProps) {
  const { t } = useTranslation()
  const item = items.find((one) => one.object === object)
  if (item === undefined)
    return (
      <>
        <h3 className={styles['title']}>{t('taxes.whole')}</h3>
        {items.length === 0 && <p>{t('taxes.noObjects')}</p>}
        <dl className={styles['facts']}>
          {objectKinds.map((kind) => {
            const count = items.filter((one) => one.kind === kind).length
            return count === 0 ? null : (
              <div key={kind}>
                <dt>{t(`taxes.kinds.${kind}`)}</dt>
                <dd>{count}</dd>
              </div>
            )
          })}
        </dl>
      </>
    )
  return (
    <>
      <h3 className={styles['title']}>{item.type}</h3>
      <p className={styles['placeLine']}>{item.place}</p>
      <dl className={styles['facts']}>
        {item.zone !== null && (
          <div>
            <dt>{t('taxes.zone')}</dt>
            <dd>{item.zone}</dd>
          </div>
        )}
        {item.acquired !== null && (
          <div>
            <dt>{t('taxes.acquired')}</dt>
            <dd>{shortDay(item.acquired)}</dd>
          </div>
        )}
        {item.characteristics.map(({ name, value }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </>
  )
}
