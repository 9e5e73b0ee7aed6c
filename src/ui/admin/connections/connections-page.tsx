import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Notice } from '../../shared/components/notice.tsx'
import { problemText } from '../../shared/server/problem-text.ts'
import { useTitle } from '../../shared/use-title.ts'
import { ConnectionRow } from './connection-row.tsx'
import { RetentionTerms } from './retention-terms.tsx'
import { TrunkSettings } from './trunk-settings.tsx'
import { connectionsQuery } from './use-connections.ts'
import admin from '../admin.module.css'
import styles from './connections.module.css'

/** Every system outside on which the line depends: its state left, what is in force right. */
export function ConnectionsPage() {
  const { t } = useTranslation()
  const { data, error, refetch } = useQuery(connectionsQuery)
  useTitle(`${t('connections.title')} · ${t('common.product')}`)
  if (data === undefined)
    return error === null ? null : <Notice text={problemText(error, t)} again={() => void refetch()} />
  return (
    <div className={styles['halves']}>
      <div className={styles['list']}>
        <div className={admin['head']}>
          <h1>{t('connections.title')}</h1>
          <span className={admin['quiet']} data-node={data.node}>
            {t('connections.answeredBy', { node: data.node })}
          </span>
        </div>
        <p className={styles['lead']}>{t('connections.lead')}</p>
        {error !== null && <p className={admin['problem']}>{problemText(error, t)}</p>}
        <ul className={styles['systems']} aria-label={t('connections.systems')}>
          {data.items.map((connection) => (
            <ConnectionRow key={connection.id} connection={connection} all={data} />
          ))}
        </ul>
      </div>
      <div className={styles['aside']}>
        <TrunkSettings trunk={data.trunk} />
        <RetentionTerms retention={data.retention} />
      </div>
    </div>
  )
}
