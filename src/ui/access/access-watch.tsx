import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { StatedReasons } from '../../http/access/wire.ts'
import { spokenRequest } from '../requests/spoken.ts'
import { Icon } from '../shared/components/icon.tsx'
import { shortDateTime } from '../shared/time/time.ts'
import { useAccessAlerts, useStatedReasons } from './use-access.ts'
import styles from './access.module.css'

/** Accounts that looked at unusually much, and what was opened with a reason. */
export function AccessWatch() {
  return (
    <div className={styles['watch']}>
      <Alerts />
      <Reasons />
    </div>
  )
}

/** Above a long list: the accounts of the alerts, which stand in full below it. Nothing without alerts. */
export function AccessAlertLine() {
  const { t } = useTranslation()
  const items = useAccessAlerts().data?.items ?? []
  if (items.length === 0) return null
  return (
    <p className={styles['line']} data-access-alerts={items.length}>
      <a href="#unusual-looks">
        <Icon name="warning" size={15} /> {t('access.strip')}:{' '}
        {items.map(({ account }) => account.name).join(', ')}
      </a>
    </p>
  )
}

function Alerts() {
  const { t, i18n } = useTranslation()
  const { data } = useAccessAlerts()
  if (data === undefined) return null
  const { items, looksPerHour, reasonsPerHour } = data
  return (
    <section aria-labelledby="unusual-looks">
      <h2 id="unusual-looks">{t('access.alerts')}</h2>
      {items.length === 0 && <p className={styles['quiet']}>{t('access.noAlerts')}</p>}
      <ul>
        {items.map(({ account, looks, reasons, lastAt }) => (
          <li key={account.id} className={styles['alert']} data-access-alert={account.id}>
            {t('access.alert', {
              name: account.name,
              looks,
              reasons,
              at: shortDateTime(lastAt, i18n.language),
            })}
          </li>
        ))}
      </ul>
      <p className={styles['quiet']}>{t('access.rule', { looksPerHour, reasonsPerHour })}</p>
    </section>
  )
}

function Reasons() {
  const { t, i18n } = useTranslation()
  const { data } = useStatedReasons()
  if (data === undefined) return null
  return (
    <section aria-labelledby="stated-reasons">
      <h2 id="stated-reasons">{t('access.stated')}</h2>
      {data.items.length === 0 && <p className={styles['quiet']}>{t('access.noneStated')}</p>}
      {data.items.length > 0 && (
        <table>
          <thead>
            <tr>
              <th>{t('access.at')}</th>
              <th>{t('access.who')}</th>
              <th>{t('access.what')}</th>
              <th>{t('access.reason')}</th>
              <th>{t('access.text')}</th>
            </tr>
          </thead>
          <tbody>
            {data.items.map((item) => (
              <tr key={item.id} data-reason={item.id}>
                <td>
                  <time dateTime={item.at}>{shortDateTime(item.at, i18n.language)}</time>
                </td>
                <td>{item.account.name}</td>
                <td>
                  <Opened item={item} />
                </td>
                <td>{t(`access.reasons.${item.reason}`)}</td>
                <td>{item.text ?? t('access.textGone')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}

function Opened({ item: { object, objectId } }: { readonly item: StatedReasons['items'][number] }) {
  const { t } = useTranslation()
  if (object === 'request') return spokenRequest(objectId)
  return <Link href={`/calls/${encodeURIComponent(objectId)}`}>{t('access.theCall')}</Link>
}
