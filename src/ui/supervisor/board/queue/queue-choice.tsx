import { NativeSelect } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useQueueName } from '../../../shared/server/queue-names.ts'
import { chooseQueue, useQueuesNow, useShownQueue } from './shown.ts'
import styles from '../board.module.css'

/** The whole line, or one queue of it; nothing where there is only one. */
export function QueueChoice() {
  const { t } = useTranslation()
  const queues = useQueuesNow()
  const shown = useShownQueue()
  const queueName = useQueueName()
  if (queues.length < 2) return null
  return (
    <NativeSelect
      className={styles['choice'] ?? ''}
      size="xs"
      aria-label={t('board.queues.choice')}
      data-queue-choice
      value={shown ?? ''}
      onChange={({ currentTarget: { value } }) => chooseQueue(value === '' ? null : value)}
      data={[
        { value: '', label: t('board.queues.all') },
        ...queues.map(({ id }) => ({ value: id, label: queueName(id) ?? id })),
      ]}
    />
  )
}
