import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { CallerRequests } from '../requests/caller-requests.tsx'
import { useDeskCall, useDeskState } from '../use-desk.ts'
import halves from '../work/halves.module.css'
import { SearchField } from '../work/search-field.tsx'
import { CallList } from './call-list.tsx'
import { FirstSteps } from './first-steps.tsx'
import { CallRecord } from './call-record.tsx'
import { useShownCalls } from './use-shown-calls.ts'

const noSearch = { text: '', call: null }

/** The caller's earlier calls and the search: results left, the record right. */
export function CallerPane() {
  const { t } = useTranslation()
  const state = useDeskState()
  const call = useDeskCall(state)
  const [search, setSearch] = useState<{ readonly text: string; readonly call: string | null }>(noSearch)
  const [chosen, setChosen] = useState<string | null>(null)
  // A search made during a call is cleared for the next caller; a search begun before the call stays.
  const ofAnother = search.call !== null && call !== null && search.call !== call.id
  const digits = ofAnother ? '' : search.text
  const list = useShownCalls(call, digits)
  const shown = list.rows.some((row) => row.id === chosen) ? chosen : (list.rows[0]?.id ?? null)
  return (
    <>
      <SearchField
        label={t('desk.caller.search')}
        value={digits}
        change={(text) => setSearch({ text, call: call?.id ?? null })}
        maxLength={40}
      />
      <div className={halves['halves']}>
        <div className={halves['results']}>
          {call !== null && <CallerRequests call={call.id} />}
          <h3 className={halves['heading']}>{t(`desk.caller.${list.title}`)}</h3>
          <CallList
            rows={list.rows}
            empty={t(`desk.caller.${list.empty}`)}
            chosen={shown}
            choose={setChosen}
          />
        </div>
        <div className={halves['record']}>
          {list.rows.length > 0 && <CallRecord id={shown} />}
          {list.empty === 'noneOwn' && list.rows.length === 0 && <FirstSteps />}
        </div>
      </div>
    </>
  )
}
