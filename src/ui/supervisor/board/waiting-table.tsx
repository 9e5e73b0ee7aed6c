import { useMemo, useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useLive } from '../../live/use-live.ts'
import type { RowQuestion } from '../supervision/use-row-menu.ts'
import type { WaitingQuestion } from '../supervision/waiting-actions.tsx'
import { supervisionKeyOf } from '../supervision/supervision-keys.ts'
import { useMoveCall } from '../supervision/use-move-call.ts'
import { waitingCalls } from './figures.ts'
import { Panel } from './panel.tsx'
import { useFrozen } from './use-frozen.ts'
import { useOrder } from './use-order.ts'
import { useResult } from './use-result.ts'
import { WaitingRow } from './waiting-row.tsx'
import styles from './board.module.css'

/** The waiting calls, longest first, each compared with the target. */
export function WaitingTable() {
  const { t } = useTranslation()
  const calls = useLive((state) => state.calls)
  const targetMs = useLive((state) => state.today?.serviceLevelTargetMs ?? 20_000)
  const sorted = useMemo(() => waitingCalls(calls.values()), [calls])
  const { frozen, handlers } = useFrozen()
  const rows = useOrder(sorted, frozen)
  const [result, setResult] = useResult()
  const moving = useMoveCall(setResult)
  const [asked, setAsked] = useState<RowQuestion<WaitingQuestion> | null>(null)
  function press(event: KeyboardEvent): void {
    const row = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-call]') : null
    const call = rows.find(({ id }) => id === row?.dataset['call'])
    const key = supervisionKeyOf(event)
    if (call === undefined || event.repeat || event.defaultPrevented) return
    if (key !== 'front' && key !== 'leave') return
    event.preventDefault()
    if (key === 'leave') setAsked({ row: call.id, question: 'end', at: event.timeStamp })
    else void moving(call.id, call.queue.id, true)
  }
  return (
    <Panel
      id="waiting"
      title={t('board.waiting.title')}
      note={
        result !== ''
          ? result
          : frozen && rows.length > 1
            ? t('board.frozen')
            : t('board.waiting.target', { target: targetMs / 1000 })
      }
      handlers={handlers}
      onKeyDown={press}
    >
      <output className="spoken-only">{result}</output>
      {rows.length === 0 ? (
        <p className={styles['nobody']}>{t('board.waiting.none')}</p>
      ) : (
        <table>
          <thead>
            <tr>
              <th scope="col" className={styles['number']}>
                {t('board.waiting.caller')}
              </th>
              <th scope="col">{t('board.waiting.queue')}</th>
              <th scope="col" className={styles['phase']}>
                {t('board.waiting.phase')}
              </th>
              <th scope="col" className={styles['against']}>
                {t('board.waiting.wait')}
              </th>
              <th scope="col" className={styles['rowMenu']}>
                <span className="spoken-only">{t('board.working.menu')}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((call) => (
              <WaitingRow
                key={call.id}
                call={call}
                targetMs={targetMs}
                report={setResult}
                asked={asked?.row === call.id ? asked : null}
              />
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  )
}
