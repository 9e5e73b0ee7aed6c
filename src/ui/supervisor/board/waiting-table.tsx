import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useLive } from '../../live/use-live.ts'
import { waitingCalls } from './figures.ts'
import { Panel } from './panel.tsx'
import { useFrozen } from './use-frozen.ts'
import { useOrder } from './use-order.ts'
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
  return (
    <Panel
      id="waiting"
      title={t('board.waiting.title')}
      note={
        frozen && rows.length > 1 ? t('board.frozen') : t('board.waiting.target', { target: targetMs / 1000 })
      }
      handlers={handlers}
    >
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
            </tr>
          </thead>
          <tbody>
            {rows.map((call) => (
              <WaitingRow key={call.id} call={call} targetMs={targetMs} />
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  )
}
