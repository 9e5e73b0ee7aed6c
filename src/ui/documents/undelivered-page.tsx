import { Button } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { TFunction } from 'i18next'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { UndeliveredList, UndeliveredMessage } from '../../http/documents/wire.ts'
import { api } from '../shared/server/api.ts'
import { Icon } from '../shared/components/icon.tsx'
import { Notice } from '../shared/components/notice.tsx'
import { problemText } from '../shared/server/problem-text.ts'
import { useTitle } from '../shared/use-title.ts'
import { UndeliveredTable } from './undelivered-table.tsx'
import { undeliveredQuery } from './undelivered-query.ts'
import styles from './documents.module.css'

/** A message that is sent at once has usually arrived after this time. */
const lookAgainMs = 1_500

/** The messages that have not reached the document system, each with a button to send it again. */
export function UndeliveredPage() {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const { data, error, refetch } = useQuery(undeliveredQuery)
  const [result, setResult] = useState('')
  useTitle(`${t('documents.title')} · ${t('common.product')}`)

  async function retry(messages: readonly UndeliveredMessage[]): Promise<void> {
    try {
      for (const { id } of messages) await api('POST', `/documents/undelivered/${id}/retry`)
      const [first] = messages
      setResult(
        messages.length === 1
          ? t('documents.tryingOne', { request: first?.request })
          : t('documents.tryingAll', { count: messages.length }),
      )
    } catch (cause) {
      setResult(problemText(cause, t))
    }
    await refetch()
    setTimeout(() => void queries.invalidateQueries({ queryKey: undeliveredQuery.queryKey }), lookAgainMs)
  }

  if (error !== null && data === undefined)
    return <Notice text={problemText(error, t)} again={() => void refetch()} />
  if (data === undefined) return null
  const givenUp = data.items.filter((item) => item.givenUp)
  return (
    <div className={styles['page']}>
      <div className={styles['head']}>
        <h1>{t('documents.title')}</h1>
        <p data-counts>{countsText(data, t)}</p>
        {givenUp.length > 1 && (
          <Button size="compact-sm" variant="default" onClick={() => void retry(givenUp)}>
            {t('documents.retryAll', { count: givenUp.length })}
          </Button>
        )}
        <output className={styles['told']}>{result}</output>
      </div>
      {data.connected ? (
        <p className={styles['quiet']}>{t('documents.about')}</p>
      ) : (
        <p className={styles['unset']}>
          <Icon name="warning" size={16} />
          {t('documents.unset')}
        </p>
      )}
      {data.items.length > 0 && <UndeliveredTable items={data.items} retry={(item) => void retry([item])} />}
      {data.items.length === 0 && (
        <p className={styles['done']}>
          <Icon name="ready" size={16} />
          {t('documents.none')}
        </p>
      )}
    </div>
  )
}

/** "2 abandonate · 3 întârziate · 7 de trimis"; counts of zero are left out. */
function countsText({ counts }: UndeliveredList, t: TFunction): string {
  const { givenUp, late, unsent } = counts
  return [
    givenUp > 0 ? t('documents.givenUpCount', { count: givenUp }) : null,
    late > 0 ? t('documents.lateCount', { count: late }) : null,
    unsent > 0 ? t('documents.unsentCount', { count: unsent }) : null,
  ]
    .filter((part) => part !== null)
    .join(' · ')
}
