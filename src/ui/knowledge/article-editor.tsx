import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { navigate, useSearch } from 'wouter/use-browser-location'
import type { PaperArticle, PaperDraft, PaperVersions, SavedPaper } from '../../http/knowledge/wire.ts'
import { api, Problem } from '../shared/server/api.ts'
import { Notice } from '../shared/components/notice.tsx'
import { unavailable } from '../shared/components/unavailable.ts'
import { WhyNot } from '../shared/components/why-not.tsx'
import { problemText } from '../shared/server/problem-text.ts'
import { shortDateTime, today } from '../shared/time/time.ts'
import { KeptLine } from '../shared/unsaved/kept-line.tsx'
import { useKept } from '../shared/unsaved/use-kept.ts'
import { useTitle } from '../shared/use-title.ts'
import {
  acceptDraft,
  contentOf,
  draftAbout,
  draftOf,
  faultsOf,
  textFields,
  type Draft,
  type Faults,
} from './draft.ts'
import { ArticleForm } from './article-form.tsx'
import { draftOfArticle, draftPage } from './drafts/use-drafts.ts'
import { openArticle } from './use-articles.ts'
import styles from './knowledge.module.css'

/** The URL segment of the form for a new article. */
const newName = 'new'

interface Edited {
  /** The latest version; null: the article has none yet. */
  readonly article: PaperArticle | null
  /** Its draft, which is changed instead of the version. */
  readonly draft: PaperDraft | null
}

/** Edits the latest version of an article, or the draft of the next one; saving makes a draft for another editor. */
export function ArticleEditor({ id }: { readonly id: string }) {
  const { t } = useTranslation()
  const isNew = id === newName
  const { data, error } = useQuery({
    queryKey: ['papers', 'to edit', id],
    queryFn: () => edited(id),
    enabled: !isNew,
    retry: false,
    staleTime: Infinity,
    gcTime: 0,
  })
  useTitle(`${t('papers.page.title')} · ${t('common.product')}`)
  if (isNew) return <Editing name={id} article={null} draft={null} />
  if (error instanceof Problem && error.status === 404) return <Notice text={t('papers.page.missing')} />
  if (error !== null) return <Notice text={problemText(error, t)} />
  return data === undefined ? null : <Editing name={id} {...data} />
}

/** The latest version, in force or not, and the draft of the next one. */
async function edited(id: string): Promise<Edited> {
  const draft = await draftOfArticle(id)
  if (draft?.latest === 0) return { article: null, draft }
  const { items } = await api<PaperVersions>('GET', `/papers/${encodeURIComponent(id)}/versions`)
  const version = items[0]?.version
  const article = await openArticle({
    id,
    call: null,
    query: null,
    ...(version === undefined ? {} : { version }),
  })
  return { article, draft }
}

function Editing({ name, article, draft }: Edited & { readonly name: string }) {
  const { t, i18n } = useTranslation()
  const client = useQueryClient()
  const asked = new URLSearchParams(useSearch()).get('asked') ?? ''
  const [start] = useState<Draft>(() => {
    const from = draft?.article ?? article
    return from === null ? draftAbout(asked, today(Date.now())) : draftOf(from)
  })
  const basisOn = (version: number): string => `${version}.${draft?.draft ?? 0}`
  const latest = article?.version ?? 0
  const basis = basisOn(latest)
  const form = useKept({
    name: `paper ${name}`,
    basis,
    // The article can have changed since the draft was written.
    initialBasis: basisOn(draft?.basedOn ?? latest),
    initial: start,
    accept: acceptDraft,
    where: 'computer',
  })
  const [faults, setFaults] = useState<Faults>({})
  const isNew = article === null && draft === null
  const save = useMutation({
    mutationFn: (content: ReturnType<typeof contentOf>) => {
      const [basedOn = 0, replaced = 0] = form.basis.split('.').map(Number)
      const replaces = replaced === 0 ? null : replaced
      return article === null || basedOn === 0
        ? api<SavedPaper>('POST', '/papers', { id: form.value.id.trim(), content, replaces })
        : api<SavedPaper>('POST', `/papers/${encodeURIComponent(article.id)}/versions`, {
            basedOn,
            content,
            replaces,
          })
    },
    onSuccess: async ({ id, version, draft: saved }) => {
      form.sent()
      await client.invalidateQueries({ queryKey: ['papers'] })
      navigate(saved === null ? `/papers/${encodeURIComponent(id)}?version=${version}` : draftPage(saved))
    },
  })
  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    const found = faultsOf(form.value, isNew)
    setFaults(found)
    const first = textFields.find((field) => found[field] !== undefined)
    if (first === undefined) return save.mutate(contentOf(form.value))
    const field = event.currentTarget.elements.namedItem(first)
    if (field instanceof HTMLElement) field.focus()
  }
  function confirm(latestOne: PaperArticle): void {
    if (save.isPending || form.hasKept) return
    save.mutate({ ...contentOf(draftOf(latestOne)), reviewedAt: today(Date.now()) })
  }
  function change(part: Partial<Draft>): void {
    form.change({ ...form.value, ...part })
    const changed = textFields.find((field) => part[field] !== undefined)
    if (changed !== undefined) setFaults((before) => ({ ...before, [changed]: undefined }))
  }
  // The faults belong to the discarded values.
  function discard(): void {
    setFaults({})
    save.reset()
    form.discard()
  }
  const whyNotConfirm = form.hasKept ? t('papers.edit.confirmWhy') : null
  const back = article === null ? '/papers' : `/papers/${encodeURIComponent(article.id)}`
  return (
    <div className={styles['page']}>
      <h1 className={styles['title']}>
        {isNew
          ? t('papers.edit.newTitle')
          : t('papers.edit.title', { title: draft?.title ?? article?.title ?? '' })}
      </h1>
      <p className={styles['quiet']}>
        {draft === null
          ? t('papers.edit.lead')
          : t('papers.edit.draftLead', { name: draft.by, at: shortDateTime(draft.at, i18n.language) })}{' '}
        {t('papers.edit.required')}
      </p>
      {draft?.returned != null && (
        <p className={styles['returned']}>{t('papers.drafts.returnedBecause', draft.returned)}</p>
      )}
      <KeptLine
        form={{ ...form, discard }}
        basis={basis}
        changedMeanwhile={
          form.hasKept ? t('papers.edit.changedMeanwhile') : t('papers.edit.draftIsLate', { version: latest })
        }
      />
      <form className={styles['form']} onSubmit={submit} noValidate data-paper-form>
        <ArticleForm draft={form.value} isNew={isNew} faults={faults} change={change} />
        <p className={`${styles['problem']} ${styles['wide']}`} role="alert">
          {save.error === null ? '' : problemText(save.error, t)}
        </p>
        <div className={styles['actions']}>
          <Button type="submit" disabled={save.isPending} data-action="save-paper">
            {t('papers.edit.save')}
          </Button>
          {article !== null && draft === null && (
            // Typed changes would be lost with it.
            <WhyNot reason={whyNotConfirm}>
              <Button
                variant="default"
                {...unavailable(save.isPending || form.hasKept)}
                data-action="confirm-paper"
                onClick={() => confirm(article)}
              >
                {t('papers.page.confirm')}
              </Button>
            </WhyNot>
          )}
          {form.hasKept && form.broughtBackAt === null && (
            <Button variant="subtle" onClick={discard} data-action="undo-paper">
              {t('papers.edit.undo')}
            </Button>
          )}
          <Button variant="subtle" onClick={() => navigate(back)}>
            {t('papers.edit.later')}
          </Button>
        </div>
      </form>
    </div>
  )
}
