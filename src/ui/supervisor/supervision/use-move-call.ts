import { useTranslation } from 'react-i18next'
import { problemText } from '../../shared/server/problem-text.ts'
import { useQueueName } from '../../shared/server/queue-names.ts'
import { moveCall } from './orders.ts'

/** Moves a waiting call; `report` gets one sentence for the result. */
export function useMoveCall(report: (text: string) => void) {
  const { t } = useTranslation()
  const queueName = useQueueName()
  return async (call: string, queue: string, front: boolean): Promise<void> => {
    try {
      await moveCall(call, queue, front)
      report(front ? t('supervision.frontDone') : t('supervision.moved', { queue: queueName(queue) }))
    } catch (error) {
      report(problemText(error, t))
    }
  }
}
