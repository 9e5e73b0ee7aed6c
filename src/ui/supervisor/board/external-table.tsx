import { useTranslation } from 'react-i18next'
import { Elapsed } from '../../shared/time/elapsed.tsx'
import { CallerHeadings, CallerRow, useCallerRows } from './caller-table.tsx'
import { externalCalls } from './figures.ts'
import { Panel } from './panel.tsx'
import styles from './board.module.css'

/** Callers whom an agent has sent to a department, and who have no agent now; absent while there are none. */
export function ExternalTable() {
  const { t } = useTranslation()
  const { rows, handlers, result, setResult, press, askedOf } = useCallerRows(externalCalls)
  if (rows.length === 0 && result === '') return null
  return (
    <Panel
      id="external"
      title={t('board.external.title')}
      note={result}
      handlers={handlers}
      onKeyDown={(event) => press(event)}
    >
      <output className="spoken-only">{result}</output>
      {rows.length > 0 && (
        <table>
          <CallerHeadings>
            <th scope="col">{t('board.waiting.phase')}</th>
            <th scope="col" className={`${styles['figure']} ${styles['since']}`}>
              {t('board.working.since')}
            </th>
          </CallerHeadings>
          <tbody>
            {rows.map((call) => {
              const phase = t(`board.phase.${call.phase}`, { agent: '', external: call.external?.name ?? '' })
              return (
                <CallerRow key={call.id} call={call} report={setResult} asked={askedOf(call)}>
                  <td title={phase}>{phase}</td>
                  <td className={styles['figure']}>
                    <Elapsed since={call.since} />
                  </td>
                </CallerRow>
              )
            })}
          </tbody>
        </table>
      )}
    </Panel>
  )
}
