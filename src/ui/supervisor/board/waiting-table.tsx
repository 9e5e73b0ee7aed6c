import { useTranslation } from 'react-i18next'
import { useMoveCall } from '../supervision/use-move-call.ts'
import { CallerHeadings, useCallerRows } from './caller-table.tsx'
import { beforeQueue, thresholdRange, thresholdsIn, waitingCalls } from './figures.ts'
import { Panel } from './panel.tsx'
import { useShownCalls, useShownToday } from './queue/shown.ts'
import { WaitingRow } from './waiting-row.tsx'
import styles from './board.module.css'

/** The waiting calls, longest first; those on the line are compared with the target. */
export function WaitingTable() {
  const { t } = useTranslation()
  const choosing = beforeQueue(useShownCalls().values())
  const today = useShownToday()
  const withinMs = thresholdsIn(today)
  const { from, to } = thresholdRange(today)
  const { rows, frozen, handlers, result, setResult, press, askedOf } = useCallerRows(waitingCalls)
  const moving = useMoveCall(setResult)
  return (
    <Panel
      id="waiting"
      title={t('board.waiting.title')}
      note={
        result !== ''
          ? result
          : frozen && rows.length > 1
            ? t('board.frozen')
            : [
                ...(choosing === 0 ? [] : [t('board.waiting.choosing', { count: choosing })]),
                from === to
                  ? t('board.waiting.target', { target: from })
                  : t('board.waiting.targets', { from, to }),
              ].join(' · ')
      }
      handlers={handlers}
      onKeyDown={(event) =>
        press(event, (key, call) => {
          if (key === 'front') void moving(call.id, call.queue.id, true)
          return key === 'front'
        })
      }
    >
      <output className="spoken-only">{result}</output>
      {rows.length === 0 ? (
        <p className={styles['nobody']}>{t('board.waiting.none')}</p>
      ) : (
        <table>
          <CallerHeadings>
            <th scope="col">{t('board.waiting.queue')}</th>
            <th scope="col" className={styles['phase']}>
              {t('board.waiting.phase')}
            </th>
            <th scope="col" className={styles['against']}>
              {t('board.waiting.wait')}
            </th>
          </CallerHeadings>
          <tbody>
            {rows.map((call) => (
              <WaitingRow
                key={call.id}
                call={call}
                targetMs={withinMs(call.queue.id)}
                report={setResult}
                asked={askedOf(call)}
              />
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  )
}
