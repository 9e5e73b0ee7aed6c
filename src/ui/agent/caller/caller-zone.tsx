import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import desk from '../desk.module.css'
import { useDeskCall, useDeskState } from '../use-desk.ts'
import { CallList } from './call-list.tsx'
import { FirstSteps } from './first-steps.tsx'
import { CallRecord } from './call-record.tsx'
import { SearchField } from './search-field.tsx'
import { Trail } from './trail-row.tsx'
import { useShownCalls } from './use-shown-calls.ts'
import styles from './caller-zone.module.css'

/** Centre: who is calling and what came before. Results left, the record right. */
export function CallerZone() {
  const { t } = useTranslation()
  const state = useDeskState()
  const call = useDeskCall(state)
  const [digits, setDigits] = useState('')
  const [chosen, setChosen] = useState<string | null>(null)
  const list = useShownCalls(call, digits)
  const shown = list.rows.some((row) => row.id === chosen) ? chosen : (list.rows[0]?.id ?? null)
  return (
    <section
      className={`${desk['zone']} ${styles['zone']}`}
      aria-label={t('desk.zones.work')}
      tabIndex={-1}
      data-zone
    >
      <div className={styles['top']}>
        <h2 className={styles['tab']}>{t('desk.caller.tab')}</h2>
        <SearchField value={digits} change={setDigits} />
      </div>
      <Trail call={call} />
      <div className={styles['halves']}>
        <div className={styles['results']}>
          <h3 className={styles['heading']}>{t(`desk.caller.${list.title}`)}</h3>
          <CallList
            rows={list.rows}
            empty={t(`desk.caller.${list.empty}`)}
            chosen={shown}
            choose={setChosen}
          />
        </div>
        <div className={styles['record']}>
          {list.rows.length > 0 && <CallRecord id={shown} />}
          {list.empty === 'noneOwn' && list.rows.length === 0 && <FirstSteps />}
        </div>
      </div>
    </section>
  )
}
