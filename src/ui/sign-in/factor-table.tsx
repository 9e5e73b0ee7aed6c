import { useTranslation } from 'react-i18next'
import type { FactorItem } from '../../http/sign-in/wire.ts'
import { ConfirmButton } from '../shared/components/confirm-button.tsx'
import { shortDateTime } from '../shared/time/time.ts'
import styles from './factors.module.css'

interface FactorTableProps {
  readonly items: readonly FactorItem[]
  /** Nothing can be removed now. */
  readonly fixed: boolean
  readonly remove: (id: number, name: string) => void
}

export function FactorTable({ items, fixed, remove }: FactorTableProps) {
  const { t, i18n } = useTranslation()
  if (items.length === 0) return <p className={styles['lead']}>{t('signIn.factors.none')}</p>
  return (
    <table className={styles['table']}>
      <thead>
        <tr>
          <th scope="col">{t('signIn.factors.name')}</th>
          <th scope="col">{t('signIn.factors.kind')}</th>
          <th scope="col">{t('signIn.factors.added')}</th>
          <th scope="col">{t('signIn.factors.used')}</th>
          <th scope="col">
            <span className="spoken-only">{t('signIn.factors.remove')}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {items.map(({ id, kind, name, addedAt, usedAt }) => (
          <tr key={id} data-factor={kind}>
            <th scope="row">{name}</th>
            <td>{t(`signIn.factors.kinds.${kind}`)}</td>
            <td className="tabular">{shortDateTime(addedAt, i18n.language)}</td>
            <td className="tabular">
              {usedAt === null ? t('signIn.factors.never') : shortDateTime(usedAt, i18n.language)}
            </td>
            <td>
              <ConfirmButton
                label={t('signIn.factors.remove')}
                question={t('signIn.factors.removeSure', { name })}
                yes={t('signIn.factors.removeYes')}
                disabled={fixed}
                act={() => remove(id, name)}
              />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
