import { Button, Textarea } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { navigate } from 'wouter/use-browser-location'
import type { PaperDraft, PublishedPaper } from '../../../http/knowledge/wire.ts'
import { ConfirmButton } from '../../shared/components/confirm-button.tsx'
import { Notice } from '../../shared/components/notice.tsx'
import { unavailable } from '../../shared/components/unavailable.ts'
import { WhyNot } from '../../shared/components/why-not.tsx'
import { api } from '../../shared/server/api.ts'
import { problemText } from '../../shared/server/problem-text.ts'
import { shortDateTime } from '../../shared/time/time.ts'
import { useFocus } from '../../shared/use-focus.ts'
import { useTitle } from '../../shared/use-title.ts'
import { Article } from '../article.tsx'
import knowledge from '../knowledge.module.css'
import { Changes } from './changes.tsx'
import { useDraft } from './use-drafts.ts'
import styles from './drafts.module.css'

/** A draft as its second reader needs it: what changes, how it would look, and the decision. */
export function DraftPage({ draft }: { readonly draft: number }) {
  const { t, i18n } = useTranslation()
  const { data, error, refetch } = useDraft(draft)
  useTitle(`${data?.title ?? t('papers.drafts.title')} · ${t('common.product')}`)
  const [view, setView] = useState<'changes' | 'whole'>('changes')
  if (error !== null) return <Notice text={problemText(error, t)} again={() => void refetch()} />
  if (data === undefined) return null
  const { title, article, before, by, at, returned } = data
  const shown = before === null ? 'whole' : view
  return (
    <div className={knowledge['page']} data-draft-page={draft}>
      <p className={knowledge['back']}>
        <Link href="/papers">‹ {t('papers.page.all')}</Link>
      </p>
      <div className={knowledge['columns']}>
        <div>
          <h1 className={knowledge['title']}>{t('papers.drafts.of', { title })}</h1>
          <p className={styles['quiet']}>
            {t('papers.drafts.author', { name: by, at: shortDateTime(at, i18n.language) })}
          </p>
          {returned !== null && (
            <p className={styles['returned']} data-returned>
              {t('papers.drafts.returnedBecause', returned)}
            </p>
          )}
          {before !== null && (
            <fieldset className={knowledge['choice']} aria-label={t('papers.drafts.view')}>
              {(['changes', 'whole'] as const).map((name) => (
                <button
                  key={name}
                  type="button"
                  aria-pressed={name === shown}
                  onClick={() => setView(name)}
                  data-view={name}
                >
                  {t(`papers.drafts.views.${name}`)}
                </button>
              ))}
            </fieldset>
          )}
          {shown === 'changes' && before !== null ? (
            <Changes before={before} after={article} />
          ) : (
            <Article article={article} level={3} />
          )}
        </div>
        <aside aria-label={t('papers.drafts.decision')}>
          <Decision draft={data} />
        </aside>
      </div>
    </div>
  )
}

/** A reader publishes or returns; the author changes or withdraws. */
function Decision({ draft }: { readonly draft: PaperDraft }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [returning, setReturning] = useState(false)
  const path = `/paper-drafts/${draft.draft}`
  const decide = useMutation({
    mutationFn: (work: () => Promise<string>) => work(),
    onSuccess: async (next) => {
      navigate(next)
      await client.invalidateQueries({ queryKey: ['papers'] })
    },
  })
  const publish = async (): Promise<string> => {
    const { id, version } = await api<PublishedPaper>('POST', `${path}/publish`)
    return `/papers/${encodeURIComponent(id)}?version=${version}`
  }
  const withdraw = async (): Promise<string> => {
    await api('DELETE', path)
    return '/papers?shown=drafts'
  }
  const sendBack = async (reason: string): Promise<string> => {
    await api('POST', `${path}/return`, { reason })
    return '/papers?shown=drafts'
  }
  const isLate = draft.latest !== draft.basedOn
  return (
    <div className={styles['actions']}>
      {isLate && (
        <p className={styles['quiet']} data-late>
          {t('papers.drafts.isLate', { version: draft.latest })}
        </p>
      )}
      {draft.mayPublish && !returning && (
        <Button
          disabled={decide.isPending}
          onClick={() => decide.mutate(publish)}
          data-action="publish-draft"
        >
          {t('papers.drafts.publish', { version: draft.basedOn + 1 })}
        </Button>
      )}
      {draft.own && !draft.mayPublish && !isLate && draft.returned === null && (
        <p className={styles['quiet']}>{t('papers.drafts.waitsForOther')}</p>
      )}
      {!draft.own && draft.returned === null && !returning && (
        <Button variant="default" onClick={() => setReturning(true)} data-action="return-draft">
          {t('papers.drafts.return')}
        </Button>
      )}
      {returning && (
        <ReturnForm
          busy={decide.isPending}
          send={(reason) => decide.mutate(() => sendBack(reason))}
          cancel={() => setReturning(false)}
        />
      )}
      {!returning && (
        <Button
          variant="default"
          data-action="edit-draft"
          onClick={() => navigate(`/papers/${encodeURIComponent(draft.id)}/edit`)}
        >
          {t('papers.drafts.change')}
        </Button>
      )}
      {draft.own && (
        <ConfirmButton
          label={t('papers.drafts.withdraw')}
          question={t('papers.drafts.withdrawSure')}
          yes={t('papers.drafts.withdrawYes')}
          act={() => decide.mutate(withdraw)}
        />
      )}
      <p className={styles['problem']} role="alert">
        {decide.error === null ? '' : problemText(decide.error, t)}
      </p>
    </div>
  )
}

interface ReturnFormProps {
  readonly busy: boolean
  readonly send: (reason: string) => void
  readonly cancel: () => void
}

function ReturnForm({ busy, send, cancel }: ReturnFormProps) {
  const { t } = useTranslation()
  const field = useFocus<HTMLTextAreaElement>()
  const [reason, setReason] = useState('')
  const lacks = reason.trim() === ''
  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    if (lacks) field.current?.focus()
    else if (!busy) send(reason)
  }
  return (
    <form className={styles['actions']} onSubmit={submit}>
      <Textarea
        ref={field}
        label={t('papers.drafts.reason')}
        withAsterisk
        autosize
        minRows={3}
        maxLength={500}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        data-return-reason
      />
      <WhyNot reason={lacks ? t('papers.drafts.reasonFirst') : null}>
        <Button type="submit" {...unavailable(busy || lacks)} data-action="send-back">
          {t('papers.drafts.sendBack')}
        </Button>
      </WhyNot>
      <Button variant="subtle" onClick={cancel}>
        {t('papers.edit.cancel')}
      </Button>
    </form>
  )
}
