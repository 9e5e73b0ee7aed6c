import { Button, NativeSelect } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSearch } from 'wouter'
import { requestFilters, type RequestPage } from '../../../http/requests/wire.ts'
import { DuenessLabel } from '../../requests/dueness-label.tsx'
import { briefDay, spokenRequest } from '../../requests/spoken.ts'
import { useCatalogue, useCategoryName } from '../../requests/use-requests.ts'
import { api } from '../../shared/server/api.ts'
import { useTitle } from '../../shared/use-title.ts'
import { RequestSteps } from './request-steps.tsx'
import styles from './requests-page.module.css'

type Filter = (typeof requestFilters)[number]

/** The requests of the city: the list left, one request with its next status right. */
export function RequestsPage() {
  const { t, i18n } = useTranslation()
  useTitle(t('requests.page.title'))
  const [which, setWhich] = useState<Filter>('open')
  const [department, setDepartment] = useState('')
  const [chosen, setChosen] = useState(new URLSearchParams(useSearch()).get('request'))
  const nameOf = useCategoryName()
  const departments = useCatalogue()?.departments ?? []
  const list = useInfiniteQuery({
    queryKey: ['requests', 'listed', which, department],
    queryFn: ({ pageParam }) => {
      const asked = new URLSearchParams({ which, limit: '50' })
      if (department !== '') asked.set('department', department)
      if (pageParam !== null) asked.set('cursor', pageParam)
      return api<RequestPage>('GET', `/requests?${asked}`)
    },
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    refetchInterval: 60_000,
  })
  const items = list.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <div className={styles['page']}>
      <section className={styles['list']} aria-labelledby="requests-title">
        <header className={styles['head']}>
          <h1 id="requests-title">{t('requests.page.title')}</h1>
          <NativeSelect
            aria-label={t('requests.page.which')}
            value={which}
            onChange={(event) =>
              setWhich(requestFilters.find((one) => one === event.currentTarget.value) ?? 'open')
            }
            data={requestFilters.map((one) => ({ value: one, label: t(`requests.page.filters.${one}`) }))}
            data-which
          />
          <NativeSelect
            aria-label={t('requests.page.department')}
            value={department}
            onChange={(event) => setDepartment(event.currentTarget.value)}
            data={[{ value: '', label: t('requests.page.allDepartments') }, ...departments]}
            className={styles['departments'] ?? ''}
          />
        </header>
        <table>
          <thead>
            <tr>
              <th>{t('requests.page.number')}</th>
              <th>{t('requests.page.about')}</th>
              <th>{t('requests.page.state')}</th>
              <th>{t('requests.page.announced')}</th>
              <th>{t('requests.page.legal')}</th>
            </tr>
          </thead>
          <tbody>
            {items.map((item) => (
              <tr key={item.id} aria-selected={item.id === chosen}>
                <td>
                  <button type="button" onClick={() => setChosen(item.id)} data-request={item.id}>
                    {spokenRequest(item.id)}
                  </button>
                </td>
                <td className={styles['about']}>
                  {nameOf(item.category, i18n.language)}
                  <span className={styles['department']}>
                    {item.department}
                    {item.toHead && ` · ${t('requests.toHead')}`}
                  </span>
                </td>
                <td>
                  <DuenessLabel item={item} />
                </td>
                <td>{briefDay(item.announcedOn, i18n.language)}</td>
                <td>{briefDay(item.legalEndOn, i18n.language)}</td>
              </tr>
            ))}
          </tbody>
        </table>
        {items.length === 0 && !list.isPending && <p className={styles['none']}>{t('requests.page.none')}</p>}
        {list.hasNextPage && (
          <Button
            variant="default"
            onClick={() => void list.fetchNextPage()}
            className={styles['moreButton']}
          >
            {t('requests.page.more')}
          </Button>
        )}
      </section>
      <aside className={styles['file']} aria-label={t('requests.form')}>
        <h2 className="spoken-only">{t('requests.form')}</h2>
        {chosen === null ? (
          <p className={styles['none']}>{t('requests.hint')}</p>
        ) : (
          <RequestSteps id={chosen} key={chosen} />
        )}
      </aside>
    </div>
  )
}
