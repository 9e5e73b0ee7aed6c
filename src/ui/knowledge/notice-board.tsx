import { Button, MultiSelect, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { NewNotice } from '../../http/knowledge/wire.ts'
import { api, Problem } from '../shared/server/api.ts'
import { problemText } from '../shared/server/problem-text.ts'
import { DateField } from '../shared/components/date-field.tsx'
import { useNow } from '../shared/time/now.ts'
import { readDay, writtenDay, wrongDayIn } from '../shared/time/typed-day.ts'
import { useKept } from '../shared/unsaved/use-kept.ts'
import { longDay, today } from '../shared/time/time.ts'
import { useQueueName, useQueues } from '../shared/server/queue-names.ts'
import { ArticlePicker, type PickedArticle } from './article-picker.tsx'
import { Concerns } from './concerns.tsx'
import { useNotices } from './use-notices.ts'
import styles from './knowledge.module.css'

interface TypedNotice {
  readonly text: string
  /** As typed. */
  readonly from: string
  readonly to: string
  readonly articles: readonly PickedArticle[]
  readonly queues: readonly string[]
}

function acceptNotice(stored: unknown): TypedNotice | null {
  if (typeof stored !== 'object' || stored === null) return null
  const { text, from, to, articles, queues } = stored as Record<string, unknown>
  const areTexts = [text, from, to].every((one) => typeof one === 'string')
  return areTexts && Array.isArray(articles) && Array.isArray(queues) ? (stored as TypedNotice) : null
}

/** The notices for the agents, for today and for the days to come. */
export function NoticeBoard() {
  const { t, i18n } = useTranslation()
  const client = useQueryClient()
  const { data: notices = [] } = useNotices(true)
  const allQueues = useQueues()
  const queueName = useQueueName()
  const day = writtenDay(today(useNow()))
  const kept = useKept<TypedNotice>({
    name: 'notice',
    basis: '',
    initial: { text: '', from: day, to: day, articles: [], queues: [] },
    accept: acceptNotice,
    where: 'computer',
  })
  const { articles, queues } = kept.value
  const set = (part: Partial<TypedNotice>): void => kept.change({ ...kept.value, ...part })
  const change = useMutation({
    mutationFn: (work: () => Promise<unknown>) => work(),
    onSuccess: () => client.invalidateQueries({ queryKey: ['notices'] }),
  })
  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    const { text, from, to } = kept.value
    const body = {
      text,
      from: readDay(from) ?? from,
      to: readDay(to) ?? to,
      articles: articles.map(({ id }) => id),
      queues: [...queues],
    } satisfies NewNotice
    const wrongDay = wrongDayIn(event.currentTarget)
    if (wrongDay === null) change.mutate(() => api('POST', '/notices', body), { onSuccess: kept.sent })
    else wrongDay.focus()
  }
  const wrong = (field: string): string | null =>
    change.error instanceof Problem
      ? (change.error.errors.find((error) => error.field === field)?.accepted ?? null)
      : null
  const atFields = ['text', 'from', 'to'].some((field) => wrong(field) !== null)
  return (
    <>
      <form className={styles['bar']} onSubmit={submit} data-notice-form>
        <TextInput
          name="text"
          label={t('papers.notices.text')}
          required
          withAsterisk
          maxLength={500}
          w={520}
          value={kept.value.text}
          onChange={(event) => set({ text: event.currentTarget.value })}
          error={wrong('text')}
        />
        <DateField
          name="from"
          label={t('papers.notices.from')}
          required
          withAsterisk
          width={150}
          value={kept.value.from}
          change={(from) => set({ from })}
          error={wrong('from')}
        />
        <DateField
          name="to"
          label={t('papers.notices.to')}
          required
          withAsterisk
          width={150}
          value={kept.value.to}
          change={(to) => set({ to })}
          error={wrong('to')}
        />
        <ArticlePicker
          label={t('papers.notices.articles')}
          value={articles}
          change={(picked) => set({ articles: picked })}
          w={520}
        />
        <MultiSelect
          label={t('papers.notices.queues')}
          placeholder={queues.length === 0 ? t('papers.notices.none named') : ''}
          data={allQueues.map(({ id }) => ({ value: id, label: queueName(id) ?? id }))}
          value={[...queues]}
          onChange={(picked) => set({ queues: picked })}
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
