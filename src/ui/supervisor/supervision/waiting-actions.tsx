import { Menu } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { LiveCallView } from '../../../http/live/wire.ts'
import { spokenNumber } from '../../shared/phone-number.ts'
import { useQueueName, useQueues } from '../../shared/server/queue-names.ts'
import { isCallback } from '../board/figures.ts'
import { CancelQuestion, usePromiseCallback } from './callback-items.tsx'
import { EndQuestion } from './end-question.tsx'
import { RowMenu } from './row-menu.tsx'
import { supervisionKeys } from './supervision-keys.ts'
import { useRowMenu, type RowQuestion } from './use-row-menu.ts'
import { useMoveCall } from './use-move-call.ts'
import board from '../board/board.module.css'
import styles from './supervision.module.css'

interface WaitingActionsProps {
  readonly call: LiveCallView
  readonly report: (text: string) => void
  /** By a key on the row. */
  readonly asked: RowQuestion<WaitingQuestion> | null
}

export type WaitingQuestion = 'queue' | 'end'

/** A supervisor's actions on a call that waits. One that rings an agent can only be ended. */
export function WaitingActions({ call, report, asked }: WaitingActionsProps) {
  const { t } = useTranslation()
  const { opened, question, ask, onChange } = useRowMenu(asked)
  const moving = useMoveCall(report)
  const move = (queue: string, front: boolean): void => void moving(call.id, queue, front)
  const promising = usePromiseCallback(report)
  const waits = call.phase === 'waiting' || call.phase === 'promised'
  const mayBeCalledBack = call.phase === 'waiting' && call.caller !== null
  const label = t('supervision.callActions', {
    caller: call.caller === null ? t('common.withheld') : spokenNumber(call.caller),
  })
  return (
    <RowMenu label={label} width={270} opened={opened} onChange={onChange}>
      {question === null && (
        <>
          {waits && (
            <>
              <Menu.Item
                data-action="front"
                rightSection={<kbd className={board['key']}>{supervisionKeys.front}</kbd>}
                onClick={() => move(call.queue.id, true)}
              >
                {t('supervision.front')}
              </Menu.Item>
              <Menu.Item data-action="move" closeMenuOnClick={false} onClick={() => ask('queue')}>
                {t('supervision.move')}
              </Menu.Item>
            </>
          )}
          {mayBeCalledBack && (
            <Menu.Item data-action="callback" onClick={() => void promising(call.id)}>
              {t('supervision.callback')}
            </Menu.Item>
          )}
          <Menu.Item
            data-action="end"
            rightSection={<kbd className={board['key']}>{supervisionKeys.leave}</kbd>}
            closeMenuOnClick={false}
            onClick={() => ask('end')}
          >
            {t(isCallback(call) ? 'supervision.cancelCallback' : 'supervision.end')}
          </Menu.Item>
        </>
      )}
      {question === 'queue' && (
        <QueueQuestion except={call.queue.id} onQueue={(queue) => move(queue, false)} />
      )}
      {question === 'end' &&
        (isCallback(call) ? (
          <CancelQuestion call={call.id} report={report} />
        ) : (
          <EndQuestion call={call} report={report} />
        ))}
    </RowMenu>
  )
}

interface QueueQuestionProps {
  readonly except: string
  readonly onQueue: (queue: string) => void
}

function QueueQuestion({ except, onQueue }: QueueQuestionProps) {
  const { t } = useTranslation()
  const queues = useQueues().filter(({ id }) => id !== except)
  const queueName = useQueueName()
  const first = useRef<HTMLButtonElement>(null)
  useEffect(() => first.current?.focus(), [])
  return (
    <>
      <Menu.Label className={styles['question']}>{t('supervision.moveTo')}</Menu.Label>
      {queues.map(({ id }, index) => (
        <Menu.Item
          key={id}
          {...(index === 0
            ? { ref: first, 'data-autofocus': true, 'aria-description': t('supervision.moveTo') }
            : {})}
          data-queue-choice={id}
          onClick={() => onQueue(id)}
        >
          {queueName(id)}
        </Menu.Item>
      ))}
      <Menu.Item>{t('common.leave')}</Menu.Item>
    </>
  )
}
