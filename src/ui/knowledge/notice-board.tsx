import { Button, MultiSelect, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { NewNotice } from '../../http/knowledge/wire.ts'
import { api, Problem } from '../shared/server/api.ts'
import { problemText } from '../shared/server/problem-text.ts'
import { useNow } from '../shared/time/now.ts'
import { longDay, today } from '../shared/time/time.ts'
import { useQueues } from '../shared/server/queue-names.ts'
import { ArticlePicker, type PickedArticle } from './article-picker.tsx'
import { Concerns } from './concerns.tsx'
import { useNotices } from './use-notices.ts'
import styles from './knowledge.module.css'

/** The notices for the agents, for today and for the days to come. */
export function NoticeBoard() {
  const { t, i18n } = useTranslation()
  const client = useQueryClient()
  const { data: notices = [] } = useNotices(true)
  const allQueues = useQueues()
  const [articles, setArticles] = useState<readonly PickedArticle[]>([])
  const [queues, setQueues] = useState<readonly string[]>([])
  const change = useMutation({
    mutationFn: (work: () => Promise<unknown>) => work(),
    onSuccess: () => client.invalidateQueries({ queryKey: ['notices'] }),
  })
  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    const form = event.currentTarget
    const body = {
      ...(Object.fromEntries(new FormData(form)) as Pick<NewNotice, 'text' | 'from' | 'to'>),
      articles: articles.map(({ id }) => id),
      queues: [...queues],
    } satisfies NewNotice
    change.mutate(() => api('POST', '/notices', body), {
      onSuccess: () => {
        form.reset()
        setArticles([])
        setQueues([])
      },
    })
  }
  const wrong = (field: string): string | null =>
    change.error instanceof Problem
      ? (change.error.errors.find((error) => error.field === field)?.accepted ?? null)
      : null
  const atFields = ['text', 'from', 'to'].some((field) => wrong(field) !== null)
  const day = today(useNow())
  return (
    <>
      <form className={styles['bar']} onSubmit={submit} data-notice-form>
        <TextInput
          name="text"
          label={t('papers.notices.text')}
          required
          maxLength={500}
          w={520}
          error={wrong('text')}
        />
        <TextInput
          name="from"
          type="date"
          label={t('papers.notices.from')}
          required
          defaultValue={day}
          error={wrong('from')}
        />
        <TextInput
          name="to"
          type="date"
          label={t('papers.notices.to')}
          required
          defaultValue={day}
          error={wrong('to')}
        />
        <ArticlePicker label={t('papers.notices.articles')} value={articles} change={setArticles} w={520} />
        <MultiSelect
          label={t('papers.notices.queues')}
          placeholder={queues.length === 0 ? t('papers.notices.none named') : ''}
          data={allQueues.map(({ id, name }) => ({ value: id, label: name }))}
          value={[...queues]}
          onChange={setQueues}
          comboboxProps={{ portalProps: { target: '#work' }, transitionProps: { duration: 0 } }}
          w={310}
          data-notice-queues
        />
        <Button type="submit" disabled={change.isPending} mt="auto" data-action="add-notice">
          {t('papers.notices.add')}
        </Button>
      </form>
      <p className={styles['problem']} role="alert">
        {change.error === null || atFields ? '' : problemText(change.error, t)}
      </p>
      {notices.length === 0 && <p className={styles['quiet']}>{t('papers.notices.none')}</p>}
      <ul className={styles['versions']}>
        {notices.map(({ id, text, by, from, to, articles, queues }) => (
          <li key={id} data-notice={id}>
            <strong>{text}</strong>
            <Concerns articles={articles} queues={queues} />
            <span>
              {longDay(from, i18n.language)} – {longDay(to, i18n.language)}, {by}
            </span>
            <div>
              <Button
                variant="default"
                size="compact-sm"
                disabled={change.isPending}
                aria-label={t('papers.notices.endOne', { text })}
                onClick={() => change.mutate(() => api('DELETE', `/notices/${id}`))}
              >
                {t('papers.notices.end')}
              </Button>
            </div>
          </li>
        ))}
      </ul>
    </>
  )
}
