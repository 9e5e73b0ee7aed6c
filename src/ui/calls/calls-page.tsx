import { useInfiniteQuery } from '@tanstack/react-query'
import type { Static } from 'typebox'
import { useTranslation } from 'react-i18next'
import { useSearch } from 'wouter/use-browser-location'
import type { CallPage } from '../../http/calls/wire.ts'
import { api } from '../shared/server/api.ts'
import { BusyButton } from '../shared/components/busy-button.tsx'
import { Notice } from '../shared/components/notice.tsx'
import { isOfField, problemText } from '../shared/server/problem-text.ts'
import { useTitle } from '../shared/use-title.ts'
import { apiQuery } from './call-filters.ts'
import { AbandonedList } from './abandoned/abandoned-list.tsx'
import { CallFilters } from './call-filters-form.tsx'
import { CallTable } from './call-table.tsx'
import { VoicemailList } from './voicemails/voicemail-list.tsx'
import styles from './calls.module.css'

const pageSize = 50

/** Every call, newest first. The filters are in the URL, so that a search can be sent to a colleague. */
export function CallsPage() {
  const { t } = useTranslation()
  const search = new URLSearchParams(useSearch())
  useTitle(`${t('calls.title')} · ${t('common.product')}`)
  const filters = apiQuery(search)
  const { data, error, fetchNextPage, hasNextPage, isFetching, refetch } = useInfiniteQuery({
    queryKey: ['calls', 'list', filters.toString()],
    queryFn: ({ pageParam }) => {
      const query = new URLSearchParams(filters)
      query.set('limit', String(pageSize))
      if (pageParam !== null) query.set('cursor', pageParam)
      return api<Static<typeof CallPage>>('GET', `/calls?${query}`)
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  })
  return (
    <div className={styles['page']}>
      <h1 className={styles['title']}>{t('calls.title')}</h1>
      <VoicemailList />
      <AbandonedList />
      <CallFilters search={search} error={error} key={search.toString()} />
      {error !== null && !isOfField(error) && (
        <Notice text={problemText(error, t)} again={() => void refetch()} />
      )}
      {data !== undefined && <CallTable calls={data.pages.flatMap(({ items }) => items)} />}
      {hasNextPage && (
        <BusyButton variant="default" m={12} loading={isFetching} onClick={() => void fetchNextPage()}>
          {t('calls.more')}
        </BusyButton>
      )}
    </div>
  )
}
