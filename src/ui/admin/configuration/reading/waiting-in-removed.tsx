import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Static } from 'typebox'
import type { RemovedQueue } from '../../../../core/configuration/removed-queues.ts'
import type { QueueList } from '../../../../http/queues/wire.ts'
import { api } from '../../../shared/server/api.ts'
import styles from '../configuration.module.css'

/** A node answers from its memory. */
const askEveryMs = 5_000

/** How many callers wait now in the queues that a draft removes, and where they go once it is published. */
export function WaitingInRemoved({ removed }: { readonly removed: readonly RemovedQueue[] }) {
  const { t } = useTranslation()
  const { data } = useQuery({
    queryKey: ['queues', 'now'],
    queryFn: async () => (await api<Static<typeof QueueList>>('GET', '/queues')).items,
    refetchInterval: askEveryMs,
    enabled: removed.length > 0,
  })
  if (removed.length === 0 || data === undefined) return null
  return (
    <ul className={styles['warned']} data-removed-queues={removed.length}>
      {removed.map(({ id, name, leadsTo }) => {
        const count = data.find((queue) => queue.id === id)?.waiting ?? 0
        return (
          <li key={id} data-waiting={count}>
            {count === 0
              ? t('configuration.review.waiting.nobody', { name })
              : leadsTo === null
                ? t('configuration.review.waiting.byNumber', { name, count })
                : t('configuration.review.waiting.toOne', { name, count, to: leadsTo })}
          </li>
        )
      })}
    </ul>
  )
}
