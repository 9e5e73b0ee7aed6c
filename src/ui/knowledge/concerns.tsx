import { useTranslation } from 'react-i18next'
import type { Notice } from '../../http/knowledge/wire.ts'
import { useQueueName } from '../shared/server/queue-names.ts'

/** The articles and queues that a notice names; nothing for a notice for everybody. */
export function Concerns({ articles, queues }: Pick<Notice, 'articles' | 'queues'>) {
  const { t } = useTranslation()
  const queueName = useQueueName()
  const names = [...articles.map(({ title }) => title), ...queues.map((id) => queueName(id))]
  if (names.length === 0) return null
  return <span data-concerns>{t('papers.notices.concerns', { names: names.join(' · ') })}</span>
}
