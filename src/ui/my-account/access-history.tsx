import { useTranslation } from 'react-i18next'
import type { MyAccess } from '../../http/my-account/wire.ts'
import { shortDateTime } from '../shared/time/time.ts'
import styles from './my-account.module.css'

/** Activation, sign-ins and refused tries: what tells the owner that somebody else was here. */
export function AccessHistory({ access }: { readonly access: MyAccess }) {
  const { t, i18n } = useTranslation()
  const { activation, signIns, refused, recoveryUsedAt } = access
  const written = (at: string) => shortDateTime(at, i18n.language)
  return (
    <section className={styles['section']} aria-labelledby="history" data-section="history">
      <h2 id="history">{t('myAccount.history.title')}</h2>
      <p className={styles['quiet']}>{t('myAccount.history.check')}</p>
      {recoveryUsedAt !== null && (
        <p className={styles['problem']} data-recovery>
          {t('myAccount.history.recovery', { at: written(recoveryUsedAt) })}
        </p>
      )}
      {activation !== null && activation.usedAt !== null && (
        <p>
          {t('myAccount.history.activated', {
            at: written(activation.usedAt),
            issued: written(activation.issuedAt),
            by: activation.by ?? t('myAccount.history.server'),
          })}
        </p>
      )}
      {signIns.length === 0 ? (
        <p className={styles['quiet']}>{t('myAccount.history.none')}</p>
      ) : (
        <table className={styles['table']}>
          <thead>
            <tr>
              <th scope="col">{t('myAccount.history.when')}</th>
              <th scope="col">{t('myAccount.history.network')}</th>
              <th scope="col">{t('myAccount.history.how')}</th>
            </tr>
          </thead>
          <tbody>
            {signIns.map(({ at, address, method }, index) => (
              <tr key={`${at} ${index}`}>
                <td>{written(at)}</td>
                <td>{address}</td>
                <td>{t(`myAccount.history.methods.${method ?? 'unknown'}`)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <h3>{t('myAccount.history.refused')}</h3>
      {refused.length === 0 ? (
        <p className={styles['quiet']}>{t('myAccount.history.noneRefused')}</p>
      ) : (
        <table className={styles['table']}>
          <thead>
            <tr>
              <th scope="col">{t('myAccount.history.last')}</th>
              <th scope="col">{t('myAccount.history.network')}</th>
              <th scope="col">{t('myAccount.history.tries')}</th>
            </tr>
          </thead>
          <tbody>
            {refused.map(({ lastAt, address, tries }) => (
              <tr key={`${lastAt} ${address}`}>
                <td>{written(lastAt)}</td>
                <td>{address}</td>
                <td>{tries}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}
