import { useTranslation } from 'react-i18next'
import { ObjectHeading } from './object-heading.tsx'
import type { SectionOf } from './section.ts'
import styles from './taxes.module.css'

interface SharesProps {
  readonly section: SectionOf<'shares'>
  readonly object: string | null
  readonly objects: SectionOf<'objects'>['items']
}

/** The co-owners and their shares. The amounts of the account are the caller's own share only. */
export function Shares({ section, object, objects }: SharesProps) {
  const { t } = useTranslation()
  const shown = section.items.filter((item) => object === null || item.object === object)
  const shared = shown.filter(({ coOwners }) => coOwners.length > 0)
  return (
    <>
      <p className={styles['hint']}>{t('taxes.ownShare')}</p>
      {object === null && <p>{t('taxes.sharedOf', { shared: shared.length, all: shown.length })}</p>}
      {(object === null ? shared : shown).map((item) => (
        <section key={item.object} className={styles['entry']}>
          <ObjectHeading objects={objects} object={item.object} />
          <table className={styles['table']}>
            <tbody>
              <tr>
                <th scope="row">{t('taxes.caller')}</th>
                <td>{written(item.share)}</td>
              </tr>
              {item.coOwners.map(({ name, share }) => (
                <tr key={name}>
                  <th scope="row">{name}</th>
                  <td>{written(share)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      ))}
    </>
  )
}

const written = ({ numerator, denominator }: { numerator: number; denominator: number }): string =>
  `${numerator}/${denominator}`
