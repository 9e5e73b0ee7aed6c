import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { isSurelyNotAllowed } from '../../../core/phone-number.ts'
import type { LiveCallView } from '../../../http/live/wire.ts'
import { useElapsed } from '../../shared/time/elapsed.tsx'
import { useLive } from '../../live/use-live.ts'
import { duration } from '../../shared/time/time.ts'
import { useQueueName } from '../../shared/server/queue-names.ts'
import type { RowQuestion } from '../supervision/use-row-menu.ts'
import type { WaitingQuestion } from '../supervision/waiting-actions.tsx'
import { CallerRow } from './caller-table.tsx'
import { inLineSince, isCallback } from './figures.ts'
import styles from './board.module.css'

/** The bar is full at twice the target, with a tick at the target. */
const fullAtTargets = 2

export const WaitingRow = memo(Row)

interface WaitingRowProps {
  readonly call: LiveCallView
  readonly targetMs: number
  readonly report: (text: string) => void
  readonly asked: RowQuestion<WaitingQuestion> | null
}

function Row({ call, targetMs, report, asked }: WaitingRowProps) {
  const { t } = useTranslation()
  const queueName = useQueueName()
  const ms = useElapsed(new Date(inLineSince(call)).toISOString())
  // Nobody is on the line: the place may be one of the night before.
  const isOnLine = !isCallback(call)
  const breach = isOnLine && ms > targetMs
  const share = Math.min(1, ms / (targetMs * fullAtTargets))
  const isCalledBack = !isOnLine && call.phase === 'ringing'
  const rules = useLive((live) => live.callOut)
  const isBarred =
    call.phase === 'promised' &&
    rules?.callbacks !== undefined &&
    isSurelyNotAllowed(call.caller ?? '', rules.callbacks)
  const stage = t(`board.phase.${isBarred ? 'barred' : isCalledBack ? 'callback' : call.phase}`, {
    agent: call.agent?.name ?? '',
    external: '',
  })
  const isOfPage = !isOnLine && call.callback?.of === null
  const phase = isOfPage ? t('board.waiting.onPage', { phase: stage }) : stage
  return (
    <CallerRow call={call} report={report} asked={asked}>
      <td>{queueName(call.queue.id)}</td>
      <td title={phase}>{phase}</td>
      <td className={breach ? styles['breach'] : undefined}>
        {duration(ms)}
        {isOnLine && (
          <span className={styles['bar']} aria-hidden="true">
            <span data-breach={breach} style={{ transform: `scaleX(${share.toFixed(3)})` }} />
          </span>
        )}
      </td>
    </CallerRow>
  )
}
