import { useTranslation } from 'react-i18next'
import { AccessWatch } from '../../access/access-watch.tsx'
import { spokenNumber } from '../../shared/phone-number.ts'
import { problemText } from '../../shared/server/problem-text.ts'
import { useTitle } from '../../shared/use-title.ts'
import { LockRow } from './lock-row.tsx'
import { useAlerts, useLocks } from './use-identity.ts'
import styles from './identity.module.css'

/**
 * The locked channels with their reasons, and the alerts about suspected attempts. No names: a lock has a
 * number.
 */
export function IdentityPage() {
  const { t } = useTranslation()
  useTitle(`${t('identity.locks.title')} · ${t('common.product')}`)
  return (
    <div className={styles['page']}>
      <h1>{t('identity.locks.title')}</h1>
      <Locks />
      <Alerts />
      <AccessWatch />
    </div>
  )
}

function Locks() {
  const { t } = useTranslation()
  const { data, error } = useLocks()
  const items = data?.items ?? []
  const closed = items.filter(({ inForce }) => inForce)
  const opened = items.filter(({ inForce }) => !inForce)
  return (
    <>
      <section aria-labelledby="closed">
        <h2 id="closed">{t('identity.locks.closed')}</h2>
        {error !== null && <p className={styles['breach']}>{problemText(error, t)}</p>}
        {data !== undefined && closed.length === 0 && (
          <p className={styles['quiet']}>{t('identity.locks.none')}</p>
        )}
        {closed.length > 0 && (
          <ul className={styles['locks']}>
            {closed.map((lock) => (
              <LockRow key={lock.id} lock={lock} />
            ))}
          </ul>
        )}
      </section>
      {opened.length > 0 && (
        <section aria-labelledby="opened">
          <h2 id="opened">{t('identity.locks.opened')}</h2>
          <ul className={styles['locks']}>
            {opened.map((lock) => (
              <LockRow key={lock.id} lock={lock} />
            ))}
          </ul>
        </section>
      )}
    </>
  )
}

function Alerts() {
  const { t } = useTranslation()
  const { data } = useAlerts()
  if (data === undefined) return null
  const { agents, numbers } = data
  return (
    <section aria-labelledby="alerts">
      <h2 id="alerts">{t('identity.locks.alerts')}</h2>
      {agents.length + numbers.length === 0 && (
        <p className={styles['quiet']}>{t('identity.locks.noAlerts')}</p>
      )}
      <ul className={styles['alerts']}>
        {agents.map(({ agent, verdicts, failed }) => (
          <li key={agent.id}>{t('identity.locks.agentAlert', { name: agent.name, verdicts, failed })}</li>
        ))}
        {numbers.map(({ number, failed, persons, fruitless }) => (
          <li key={number}>
            {t('identity.locks.numberAlert', {
              number: number === null ? t('identity.locks.withheldNumbers') : spokenNumber(number),
              failed,
              fruitless,
            })}
            , {t('identity.locks.persons', { count: persons })}
          </li>
        ))}
      </ul>
      <p className={styles['quiet']}>{t('identity.locks.rule')}</p>
    </section>
  )
}
