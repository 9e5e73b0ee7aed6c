import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { navigate } from 'wouter/use-browser-location'
import type { AddedVersion, PaperArticle, PaperVersions } from '../../http/knowledge/wire.ts'
import { api, Problem } from '../shared/api.ts'
import { Notice } from '../shared/notice.tsx'
import { problemText } from '../shared/problem-text.ts'
import { today } from '../shared/time/time.ts'
import { useTitle } from '../shared/use-title.ts'
import { blankDraft, contentOf, draftOf, type Draft } from './draft.ts'
import { PaperForm } from './article-form.tsx'
import { openPaper } from './use-articles.ts'
import styles from './knowledge.module.css'

/** The address of the form for a paper that does not exist yet. */
const newName = 'new'

/** Loads what is there now; what is saved becomes the version after it. */
export function PaperEditor({ id }: { readonly id: string }) {
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
  if (isNew) return <Editing paper={null} />
  if (error instanceof Problem && error.status === 404) return <Notice text={t('papers.page.missing')} />
  if (error !== null) return <Notice text={problemText(error, t)} />
  return data === undefined ? null : <Editing paper={data} />
}

/** Also one that is not in force yet: the next version is built on the last one that was written. */
async function newest(id: string): Promise<PaperArticle> {
  const { items } = await api<PaperVersions>('GET', `/papers/${encodeURIComponent(id)}/versions`)
  const version = items[0]?.version
  return openPaper({ id, call: null, query: null, ...(version === undefined ? {} : { version }) })
}

function Editing({ paper }: { readonly paper: PaperArticle | null }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [draft, setDraft] = useState<Draft>(() =>
    paper === null ? blankDraft(today(Date.now())) : draftOf(paper),
  )
  const save = useMutation({
    mutationFn: (content: ReturnType<typeof contentOf>) =>
      paper === null
        ? api<AddedVersion>('POST', '/papers', { id: draft.id.trim(), content })
        : api<AddedVersion>('POST', `/papers/${encodeURIComponent(paper.id)}/versions`, {
            basedOn: paper.version,
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
  const back = paper === null ? '/papers' : `/papers/${encodeURIComponent(paper.id)}`
  return (
    <div className={styles['page']}>
      <h1 className={styles['title']}>
        {paper === null ? t('papers.edit.newTitle') : t('papers.edit.title', { title: paper.title })}
      </h1>
      <p className={styles['quiet']}>{t('papers.edit.lead')}</p>
      <form className={styles['form']} onSubmit={submit} data-paper-form>
        <PaperForm
          draft={draft}
          isNew={paper === null}
          change={(part) => setDraft((before) => ({ ...before, ...part }))}
        />
        <p className={`${styles['problem']} ${styles['wide']}`} role="alert">
          {save.error === null ? '' : problemText(save.error, t)}
        </p>
        <div className={styles['actions']}>
          <Button type="submit" disabled={save.isPending} data-action="save-paper">
            {t('papers.edit.save', { version: (paper?.version ?? 0) + 1 })}
          </Button>
          {paper !== null && (
            <Button
              variant="default"
              disabled={save.isPending}
              data-action="confirm-paper"
              onClick={() => save.mutate({ ...contentOf(draftOf(paper)), reviewedAt: today(Date.now()) })}
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
