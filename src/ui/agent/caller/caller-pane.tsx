import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { isCallerPresent } from '../../../core/call.ts'
import { CallerRequests } from '../requests/caller-requests.tsx'
import { useDeskCall, useDeskState } from '../use-desk.ts'
import { wordsToFind } from '../knowledge/words-to-find.ts'
import halves from '../work/halves.module.css'
import { goToPane } from '../work/open-pane.ts'
import { SearchField } from '../work/search-field.tsx'
import { CallList } from './call-list.tsx'
import { CallRecord } from './call-record.tsx'
import { CallerHead } from './caller-head.tsx'
import { FirstSteps } from './first-steps.tsx'
import { HomeNotices } from './home-notices.tsx'
import { Starters } from './starters.tsx'
import { useShownCalls } from './use-shown-calls.ts'
import styles from './caller-zone.module.css'

const noSearch = { text: '', call: null }

/**
 * The home of a call: who calls, what most calls are about, the caller's open requests and earlier calls. Without a
 * call: the agent's own day. A search takes its place.
 */
export function CallerPane() {
  const { t } = useTranslation()
  const state = useDeskState()
  const call = useDeskCall(state)
  const [search, setSearch] = useState<{ readonly text: string; readonly call: string | null }>(noSearch)
  const [chosen, setChosen] = useState<string | null>(null)
  // A search made during a call is cleared when the call is over; a search begun before the call stays.
  const ofAnother = search.call !== null && search.call !== call?.id
  const text = ofAnother ? '' : search.text
  const list = useShownCalls(call, text)
  const shown = list.rows.some((row) => row.id === chosen) ? chosen : (list.rows[0]?.id ?? null)
  const searches = list.title === 'found'
  const during = searches ? null : call
  const record = list.rows.length > 0 ? <CallRecord id={shown} ofCaller={list.title === 'previous'} /> : null
  return (
    <>
      <SearchField
        label={t('desk.caller.search')}
        value={text}
        change={(typed) => setSearch({ text: typed, call: call?.id ?? null })}
        maxLength={40}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.ctrlKey || list.empty !== 'words') return
          setSearch(noSearch)
          wordsToFind.set(text.trim())
          goToPane('papers')
        }}
      />
      <div className={styles['home']}>
        {during !== null && <CallerHead call={during} />}
        {!searches && <Starters />}
        <Columns
          record={
            record !== null && (
              <>
                {during !== null && <HomeNotices queue={during.queue.id} />}
                <div className={halves['record']}>{record}</div>
              </>
            )
          }
        >
          {during !== null && isCallerPresent(during) && <CallerRequests call={during.id} />}
          {(list.rows.length > 0 || during === null) && (
            <>
              <h3 className={halves['heading']}>{t(`desk.caller.${list.title}`)}</h3>
              <CallList
                rows={list.rows}
                empty={t(`desk.caller.${list.empty}`)}
                chosen={shown}
                choose={setChosen}
              />
            </>
          )}
          {during !== null && record === null && <HomeNotices queue={during.queue.id} />}
          {list.empty === 'noneOwn' && record === null && (
            <div className={styles['first']}>
              <FirstSteps />
            </div>
          )}
        </Columns>
      </div>
    </>
  )
}

interface ColumnsProps {
  /** The record of the chosen row; null: there is no list to choose from, and no second column. */
  readonly record: ReactNode
  readonly children: ReactNode
}

function Columns({ record, children }: ColumnsProps) {
  const two = record !== null && record !== false
  return (
    <div
      className={two ? `${halves['halves']} ${styles['columns']}` : styles['column']}
      data-columns={two ? 2 : 1}
    >
      <div className={halves['results']}>{children}</div>
      {two && <div className={styles['right']}>{record}</div>}
    </div>
  )
}
