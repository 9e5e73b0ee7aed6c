import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { navigate } from 'wouter/use-browser-location'
import type { AddedVersion, PaperArticle, PaperVersions } from '../../http/knowledge/wire.ts'
import { api, Problem } from '../shared/server/api.ts'
import { Notice } from '../shared/components/notice.tsx'
import { problemText } from '../shared/server/problem-text.ts'
import { today } from '../shared/time/time.ts'
import { useTitle } from '../shared/use-title.ts'
import { blankDraft, contentOf, draftOf, type Draft } from './draft.ts'
import { ArticleForm } from './article-form.tsx'
import { openArticle } from './use-articles.ts'
import styles from './knowledge.module.css'

/** The URL segment of the form for a new article. */
const newName = 'new'

/** Edits the latest version of an article; saving creates the next version. */
export function ArticleEditor({ id }: { readonly id: string }) {
  const { t } = useTranslation()
  const isNew = id === newName
  const { data, error } = useQuery({
    queryKey: ['papers', 'to edit', id],
    queryFn: () => newest(id),
    enabled: !isNew,
    retry: false,
    staleTime: Infinity,
    gcTime: 0,
  })
  useTitle(`${t('papers.page.title')} · ${t('common.product')}`)
  if (isNew) return <Editing article={null} />
  if (error instanceof Problem && error.status === 404) return <Notice text={t('papers.page.missing')} />
  if (error !== null) return <Notice text={problemText(error, t)} />
  return data === undefined ? null : <Editing article={data} />
}

/** The latest version, in force or not: the next version is based on it. */
async function newest(id: string): Promise<PaperArticle> {
  const { items } = await api<PaperVersions>('GET', `/papers/${encodeURIComponent(id)}/versions`)
  const version = items[0]?.version
  return openArticle({ id, call: null, query: null, ...(version === undefined ? {} : { version }) })
}

function Editing({ article }: { readonly article: PaperArticle | null }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [draft, setDraft] = useState<Draft>(() =>
    article === null ? blankDraft(today(Date.now())) : draftOf(article),
  )
  const save = useMutation({
    mutationFn: (content: ReturnType<typeof contentOf>) =>
      article === null
        ? api<AddedVersion>('POST', '/papers', { id: draft.id.trim(), content })
        : api<AddedVersion>('POST', `/papers/${encodeURIComponent(article.id)}/versions`, {
            basedOn: article.version,
            content,
          }),
    onSuccess: async ({ id, version }) => {
      await client.invalidateQueries({ queryKey: ['papers'] })
      navigate(`/papers/${encodeURIComponent(id)}?version=${version}`)
    },
  })
  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    save.mutate(contentOf(draft))
  }
  const back = article === null ? '/papers' : `/papers/${encodeURIComponent(article.id)}`
  return (
    <div className={styles['page']}>
      <h1 className={styles['title']}>
        {article === null ? t('papers.edit.newTitle') : t('papers.edit.title', { title: article.title })}
      </h1>
      <p className={styles['quiet']}>{t('papers.edit.lead')}</p>
      <form className={styles['form']} onSubmit={submit} data-paper-form>
        <ArticleForm
          draft={draft}
          isNew={article === null}
          change={(part) => setDraft((before) => ({ ...before, ...part }))}
        />
        <p className={`${styles['problem']} ${styles['wide']}`} role="alert">
          {save.error === null ? '' : problemText(save.error, t)}
        </p>
        <div className={styles['actions']}>
          <Button type="submit" disabled={save.isPending} data-action="save-paper">
            {t('papers.edit.save', { version: (article?.version ?? 0) + 1 })}
          </Button>
          {article !== null && (
            <Button
              variant="default"
              disabled={save.isPending}
              data-action="confirm-paper"
              onClick={() => save.mutate({ ...contentOf(draftOf(article)), reviewedAt: today(Date.now()) })}
            >
              {t('papers.page.confirm')}
            </Button>
          )}
          <Button variant="subtle" onClick={() => navigate(back)}>
            {t('papers.edit.cancel')}
          </Button>
        </div>
      </form>
    </div>
  )
}
