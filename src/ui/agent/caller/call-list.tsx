import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { spokenNumber } from '../../shared/phone-number.ts'
import { shortDateTime } from '../../shared/time/time.ts'
import { OutcomeLabel } from '../../calls/outcome-label.tsx'
import type { CallRow } from './use-shown-calls.ts'
import styles from './caller-zone.module.css'
import halves from '../work/halves.module.css'

interface CallListProps {
  readonly rows: readonly CallRow[]
  readonly empty: string
  readonly chosen: string | null
  readonly choose: (id: string) => void
}

export function CallList({ rows, empty, chosen, choose }: CallListProps) {
  const { t, i18n } = useTranslation()
  if (rows.length === 0) return <p className={styles['empty']}>{empty}</p>
  return (
    <ul className={halves['list']}>
      {rows.map((row) => (
        <li key={row.id}>
          <button type="button" aria-pressed={row.id === chosen} onClick={() => choose(row.id)}>
            <span className={styles['when']}>{shortDateTime(row.at, i18n.language)}</span>
            <OutcomeLabel outcome={row.outcome} />
            <span className={styles['what']}>{secondLine(row, t)}</span>
          </button>
        </li>
      ))}
    </ul>
  )
}

/** Of a caller's earlier calls: the subject and who answered; otherwise the caller's number. */
function secondLine(row: CallRow, t: TFunction): string {
  if (row.told === 'caller') return callerOf(row, t)
  const subject = row.subject ?? t('desk.caller.unknownSubject')
  return row.agent === null ? subject : `${subject} · ${row.agent}`
}

const callerOf = ({ caller }: CallRow, t: TFunction): string =>
  caller === null ? t('common.withheld') : spokenNumber(caller)
