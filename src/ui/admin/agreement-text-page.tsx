import { Button, Textarea } from '@mantine/core'
import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { agreementLengthMax, type AgreementHistory } from '../../http/agreement/wire.ts'
import { api } from '../shared/server/api.ts'
import { Notice } from '../shared/components/notice.tsx'
import { problemText } from '../shared/server/problem-text.ts'
import { ConfirmButton } from '../shared/components/confirm-button.tsx'
import { shortDateTime } from '../shared/time/time.ts'
import { useTitle } from '../shared/use-title.ts'
import styles from './admin.module.css'

const historyQuery = queryOptions({
  queryKey: ['agreement-history'],
  queryFn: () => api<AgreementHistory>('GET', '/agreement'),
})

/**
 * The confidentiality agreement. Publishing a change creates a new version, which everybody has to sign again.
 */
export function AgreementTextPage() {
  const { t } = useTranslation()
  const { data, error, refetch } = useQuery(historyQuery)
  useTitle(`${t('admin.agreement.title')} · ${t('common.product')}`)
  if (data === undefined)
    return error === null ? null : <Notice text={problemText(error, t)} again={() => void refetch()} />
  return <History key={data.items[0]?.version} history={data} />
}

function History({ history: { items, signed, missing } }: { readonly history: AgreementHistory }) {
  const { t, i18n } = useTranslation()
  const [newest] = items
  const [shown, setShown] = useState(newest?.version)
  const version = items.find((one) => one.version === shown) ?? newest
  if (version === undefined || newest === undefined) return null
  return (
    <div className={styles['halves']}>
      <div className={styles['list']}>
        <div className={styles['head']}>
          <h1>{t('admin.agreement.title')}</h1>
          <span className={styles['quiet']}>{t('admin.agreement.standing', { signed, missing })}</span>
        </div>
        {version === newest ? (
          <Editor newest={newest} />
        ) : (
          <pre className={styles['old']} lang="ro">
            {version.text}
          </pre>
        )}
      </div>
      <aside className={styles['one']} aria-labelledby="versions">
        <h2 id="versions">{t('admin.agreement.versions')}</h2>
        <ol className={styles['versions']}>
          {items.map((one) => (
            <li key={one.version}>
              <button type="button" aria-pressed={one === version} onClick={() => setShown(one.version)}>
                <strong>{t('admin.agreement.version', { version: one.version })}</strong>
                <span>
                  {shortDateTime(one.publishedAt, i18n.language)} ·{' '}
                  {one.publishedBy ?? t('admin.agreement.product')}
                </span>
              </button>
            </li>
          ))}
        </ol>
      </aside>
    </div>
  )
}

function Editor({ newest }: { readonly newest: AgreementHistory['items'][number] }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const [text, setText] = useState(newest.text)
  const [error, setError] = useState<unknown>(null)
  const changed = text.trim() !== newest.text

  async function publish(): Promise<void> {
    setError(null)
    try {
      const history = await api<AgreementHistory>('POST', '/agreement', { after: newest.version, text })
      queries.setQueryData(historyQuery.queryKey, history)
    } catch (refused) {
      setError(refused)
    }
  }

  return (
    <div className={styles['editor']}>
      <Textarea
        label={t('admin.agreement.text')}
        description={t('admin.agreement.marks')}
        lang="ro"
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        maxLength={agreementLengthMax}
        classNames={{
          root: styles['grow'] ?? '',
          wrapper: styles['grow'] ?? '',
          input: styles['grow'] ?? '',
        }}
      />
      <p className={styles['problem']} role="alert">
        {error === null ? '' : problemText(error, t)}
      </p>
      <div className={styles['actions']}>
        <ConfirmButton
          label={t('admin.agreement.publish')}
          question={t('admin.agreement.publishSure')}
          yes={t('admin.agreement.publishYes')}
          act={() => void publish()}
          disabled={!changed}
        />
        {changed && (
          <Button variant="subtle" onClick={() => setText(newest.text)}>
            {t('admin.agreement.undo')}
          </Button>
        )}
      </div>
    </div>
  )
}
