import { Button } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RequestItem } from '../../../http/requests/wire.ts'
import { useMe } from '../../shared/server/me.ts'
import { useStore } from '../../shared/store.ts'
import { callIdOf } from '../desk-state.ts'
import { useDeskCall, useDeskState } from '../use-desk.ts'
import halves from '../work/halves.module.css'
import { usePaneAction } from '../work/pane-actions.ts'
import { SearchField } from '../work/search-field.tsx'
import { FiledElsewhere } from '../documents/filed-elsewhere.tsx'
import { showDraft } from './begin-request.ts'
import { beginDraft, restoreDrafts, drafts, setOwner } from './drafts.ts'
import { DraftList } from './draft-list.tsx'
import { DraftOfAnother } from './draft-of-another.tsx'
import { beginLateAnswer } from './late-answer.ts'
import { servedOf, type Served } from './petitioner.ts'
import { ReadOutCard, useToSay } from './read-out/read-out.tsx'
import { RequestForm } from './request-form.tsx'
import { RequestList } from './request-list.tsx'
import { CallBack } from '../outbound/call-back.tsx'
import { RequestRecord } from './request-record.tsx'
import { registeredHere, shown, shownIn } from './shown-request.ts'
import { useFollowUps, useFound, useKeptDrafts, useRequestsOfCaller } from '../../requests/use-requests.ts'
import styles from '../../requests/requests.module.css'

/** The requests pane: lists left; form, record or read-out right. */
export function RequestsPane() {
  const { t } = useTranslation()
  const state = useDeskState()
  const call = callIdOf(state)
  const served = servedOf(state, useDeskCall(state))
  const [number, setNumber] = useState('')
  const [asked, setAsked] = useState<{ readonly number: string; readonly call: string | null } | null>(null)
  useOwnDrafts()
  const begun = useStore(drafts)
  const here = shownIn(useStore(shown), call)
  const ofCaller = useRequestsOfCaller(call)
  const followUps = useFollowUps().filter((item) => call === null || item.call !== call)
  // A search for a citizen's requests is valid only in the call in which it was made.
  const found = useFound(asked?.call === call ? asked.number : '', call)
  useOnlyMatch(asked, found, call)
  const startRequest = (): void => showDraft(beginDraft(served.call, served.caller))
  const startDocument = (): void => shown.set({ kind: 'elsewhere', call: served.call })
  usePaneAction('start-request', true, startRequest)
  usePaneAction('start-document', true, startDocument)

  return (
    <>
      <SearchField
        label={t('requests.search')}
        value={number}
        change={(typed) => {
          setNumber(typed)
          if (typed === '') setAsked(null)
        }}
        maxLength={60}
        // Searched on Enter only: each search is an access on record.
        onKeyDown={(event) => event.key === 'Enter' && setAsked({ number, call })}
      />
      <div className={halves['halves']}>
        <div className={halves['results']}>
          <div className={styles['begin']}>
            <Button size="xs" onClick={startRequest} data-action="new-request">
              {t('requests.new')}
            </Button>
            <Button size="xs" variant="default" onClick={startDocument} data-action="elsewhere">
              {t('documents.find.title')}
            </Button>
          </div>
          {found !== null && (
            <RequestList title={t('requests.found')} items={found} empty={t('requests.nothingFound')} />
          )}
          <DraftList drafts={begun} call={call} />
          {call !== null && (
            <RequestList title={t('requests.ofCaller')} items={ofCaller} empty={t('requests.noneOfCaller')} />
          )}
          {(call === null || followUps.length > 0) && (
            <RequestList title={t('requests.toTell')} items={followUps} empty={t('requests.noneToTell')} />
          )}
        </div>
        <div className={halves['record']} data-requests-shown={here?.kind ?? 'nothing'}>
          <Right served={served} />
        </div>
      </div>
    </>
  )
}

/** Opens the only match of a search. */
function useOnlyMatch(asked: object | null, found: readonly RequestItem[] | null, call: string | null): void {
  const answered = useRef<object | null>(null)
  useEffect(() => {
    if (asked === null || found === null || answered.current === asked) return
    answered.current = asked
    const [only] = found
    if (only !== undefined && found.length === 1) shown.set({ kind: 'request', id: only.id, call })
  }, [asked, found, call])
}

function Right({ served }: { readonly served: Served }) {
  const { t } = useTranslation()
  const call = callIdOf(useDeskState())
  const here = shownIn(useStore(shown), call)
  const begun = useStore(drafts)
  const registered = useStore(registeredHere)
  // A request that is being told in the right zone has the key.
  const keys = useToSay() === undefined ? (['complain', 'told'] as const) : (['complain'] as const)
  switch (here?.kind) {
    case 'draft': {
      const draft = begun.find(({ id }) => id === here.id)
      if (draft === undefined) return null
      return here.agreed || call === null ? (
        <RequestForm draft={draft} key={draft.id} />
      ) : (
        <DraftOfAnother draft={draft} call={call} caller={served.caller} key={draft.id} />
      )
    }
    case 'request':
      return (
        <RequestRecord
          id={here.id}
          opened={here.call}
          call={served.call}
          keys={keys}
          callBack={<CallBack whom={{ request: here.id }} />}
          key={here.id}
        />
      )
    case 'read-out': {
      const one = registered.find(({ readOut }) => readOut.id === here.id)
      return one === undefined ? null : <ReadOutCard registered={one} />
    }
    case 'elsewhere':
      return (
        <FiledElsewhere
          callId={served.call}
          complain={(paper) => showDraft(beginLateAnswer(served, paper))}
          key={here.call}
        />
      )
    case undefined:
      return <p className={styles['hint']}>{t('requests.hint')}</p>
  }
}

/** Loads the account's drafts from before a reload; those of another account are dropped. */
function useOwnDrafts(): void {
  const me = useMe()
  const kept = useKeptDrafts(me.id)
  useEffect(() => {
    setOwner(me.id)
    if (kept !== undefined) restoreDrafts(kept)
  }, [me.id, kept])
}
