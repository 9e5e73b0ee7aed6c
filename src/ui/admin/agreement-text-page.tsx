import { Button, Textarea } from '@mantine/core'
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import {
  agreementLengthMax,
  type AgreementHistory,
  type AgreementPreview,
} from '../../http/agreement/wire.ts'
import { api } from '../shared/server/api.ts'
import { Notice } from '../shared/components/notice.tsx'
import { unavailable } from '../shared/components/unavailable.ts'
import { WhyNot } from '../shared/components/why-not.tsx'
import { isOfField, problemText } from '../shared/server/problem-text.ts'
import { shortDateTime } from '../shared/time/time.ts'
import { acceptText } from '../shared/unsaved/kept-values.ts'
import { KeptLine } from '../shared/unsaved/kept-line.tsx'
import { useKept } from '../shared/unsaved/use-kept.ts'
import { useTitle } from '../shared/use-title.ts'
import { AgreementPreviewPanel } from './agreement-preview.tsx'
import styles from './admin.module.css'
import versionStyles from './versions.module.css'

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
        <ol className={versionStyles['versions']}>
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
  const basis = String(newest.version)
  const form = useKept({
    name: 'agreement',
    basis,
    initial: newest.text,
    accept: acceptText,
    where: 'computer',
  })
  const { value: text } = form
  const preview = useMutation({
    mutationFn: () => api<AgreementPreview>('POST', '/agreement/preview', { text }),
  })
  const publish = useMutation({
    mutationFn: () => api<AgreementHistory>('POST', '/agreement', { after: Number(form.basis), text }),
    onSuccess: (history) => {
      form.sent()
      queries.setQueryData(historyQuery.queryKey, history)
    },
  })
  // The published text has no fault.
  function discard(): void {
    preview.reset()
    form.discard()
  }
  const changed = text.trim() !== newest.text

  const error = publish.error ?? preview.error
  const ofField = isOfField(error)
  const problem = (
    <p className={styles['problem']} role="alert">
      {error === null || ofField ? '' : problemText(error, t)}
    </p>
  )
  if (preview.data !== undefined)
    return (
      <AgreementPreviewPanel
        preview={preview.data}
        version={newest.version + 1}
        busy={publish.isPending}
        problem={problem}
        publish={() => publish.mutate()}
        back={() => {
          publish.reset()
          preview.reset()
        }}
      />
    )
  return (
    <div className={styles['editor']}>
      <KeptLine
        form={{ ...form, discard }}
        basis={basis}
        changedMeanwhile={t('admin.agreement.changedMeanwhile', { version: newest.version })}
      />
      <Textarea
        label={t('admin.agreement.text')}
        description={t('admin.agreement.marks')}
        lang="ro"
        value={text}
        onChange={(event) => {
          // A preview that is under way would be of another text.
          preview.reset()
          form.change(event.currentTarget.value)
        }}
        error={ofField ? problemText(error, t) : null}
        maxLength={agreementLengthMax}
        classNames={{
          root: styles['grow'] ?? '',
          wrapper: styles['grow'] ?? '',
          input: styles['grow'] ?? '',
        }}
      />
      {problem}
      <div className={styles['actions']}>
        <WhyNot reason={changed ? null : t('admin.agreement.unchanged')}>
          <Button
            {...unavailable(!changed || preview.isPending)}
            onClick={() => changed && !preview.isPending && preview.mutate()}
            data-action="preview-agreement"
          >
            {t('admin.agreement.preview')}
          </Button>
        </WhyNot>
        {changed && form.broughtBackAt === null && (
          <Button variant="subtle" onClick={discard} data-action="undo-agreement">
            {t('admin.agreement.undo')}
          </Button>
        )}
      </div>
    </div>
  )
}
