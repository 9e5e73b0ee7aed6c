import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AccessLogPage } from '../../http/journal/wire.ts'
import { AccessAlertLine, AccessWatch } from '../access/access-watch.tsx'
import { api } from '../shared/server/api.ts'
import { download } from '../shared/server/download.ts'
import { BusyButton } from '../shared/components/busy-button.tsx'
import { Notice } from '../shared/components/notice.tsx'
import { isOfField, problemText } from '../shared/server/problem-text.ts'
import { useTitle } from '../shared/use-title.ts'
import { JournalStrip } from './journal-strip.tsx'
import { AccessLogTable, markShown } from './access-log-table.tsx'
import { RetentionRuns } from './retention-runs.tsx'
import { QuestionForm } from './question-form.tsx'
import type { Question } from './question.ts'
import styles from './journal.module.css'

const pageSize = 50

/**
 * The access log: which account looked at which data. The question is never part of a URL, because it can
 * contain a personal identifier. Every response is itself an access on record, so nothing refetches by itself.
 */
export function JournalPage() {
  const { t } = useTranslation()
  useTitle(`${t('journal.title')} · ${t('common.product')}`)
  const [question, setQuestion] = useState<Question>({})
  const [refusal, setRefusal] = useState<string | null>(null)
  const { data, error, fetchNextPage, hasNextPage, isFetching, refetch } = useInfiniteQuery({
    queryKey: ['journal', 'looks', question],
    queryFn: ({ pageParam }) =>
      api<AccessLogPage>('POST', '/journal/looks', {
        ...question,
        limit: pageSize,
        ...(pageParam === null ? {} : { before: pageParam }),
      }),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.next,
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  })

  function ask(next: Question): void {
    setRefusal(null)
    // The same question is asked again, because the log has grown since.
    if (JSON.stringify(next) === JSON.stringify(question)) void refetch()
    else setQuestion(next)
  }

  function take(path: string, name: string, body?: object): void {
    setRefusal(null)
    download(path, name, body).catch((cause: unknown) => setRefusal(problemText(cause, t)))
  }

  const looks = data?.pages.flatMap(({ items }) => items) ?? []
  const persons = data?.pages[0]?.persons ?? 0
  return (
    <div className={styles['page']}>
      <h1 className={styles['title']}>{t('journal.title')}</h1>
      <JournalStrip />
      <AccessAlertLine />
      <QuestionForm
        onAsk={ask}
        onTake={(asked, format) => take('/journal/export', `jurnal.${format}`, { ...asked, format })}
        error={error}
      />
      <p className={styles['refusal']} role="alert">
        {refusal}
      </p>
      {error !== null && !isOfField(error) && (
        <Notice text={problemText(error, t)} again={() => void refetch()} />
      )}
      {data !== undefined && error === null && (
        <>
          <p className={styles['quiet']}>
            {question.mark !== undefined &&
              `${t('journal.ofPerson', { mark: question.mark.slice(0, markShown) })} · `}
            {hasNextPage
              ? t('journal.countMore', { count: looks.length })
              : t('journal.count', { count: looks.length })}{' '}
            {persons > 0 && `· ${t('journal.persons', { count: persons })}`} · {t('journal.ask.onRecord')}
          </p>
          <AccessLogTable
            looks={looks}
            onPerson={(mark) => ask({ mark })}
            onAbout={(about) => ask({ about })}
            onProof={(index) => take(`/journal/entries/${index}/proof`, `${index}.tlog-proof`)}
          />
        </>
      )}
      {hasNextPage && (
        <BusyButton variant="default" m={12} loading={isFetching} onClick={() => void fetchNextPage()}>
          {t('journal.more')}
        </BusyButton>
      )}
      <AccessWatch />
      <RetentionRuns />
    </div>
  )
}
