import { useTranslation } from 'react-i18next'
import desk from '../desk.module.css'
import { useWrapUpCodes } from '../../shared/server/wrap-up-codes.ts'
import { useStore } from '../../shared/store.ts'
import { hasTalked, talkedIn } from '../consult/talked-in.ts'
import { callIdOf } from '../desk-state.ts'
import type { KeyAction } from '../keys/chords.ts'
import { ToTellShortlist } from '../requests/caller-requests.tsx'
import { useDeskState } from '../use-desk.ts'
import { FromColleague } from './from-colleague.tsx'
import { IdleKeys } from './idle-keys.tsx'
import { IdleNotices } from './idle-notices.tsx'
import { Notes } from './notes.tsx'
import { useProposedSubject } from './proposals.ts'
import { Script } from './script.tsx'
import { UnfinishedCalls } from './unfinished-calls.tsx'
import { useKeptDrafts } from './use-kept-drafts.ts'
import { WrapUp } from './wrap-up.tsx'
import styles from './script-zone.module.css'

/** Idle, the zone may scroll without anything in it that takes the focus. */
const scrolledByKeys = { tabIndex: 0 } as const

/** The right zone: the script, the notes and the wrap-up form. */
export function ScriptZone({ run }: { readonly run: (action: KeyAction) => void }) {
  const { t } = useTranslation()
  const state = useDeskState()
  const callId = callIdOf(state)
  const talked = useStore(talkedIn)
  const written = hasTalked(state, talked) ? callId : null
  // Read before the first call: a field that came later would move the form.
  useWrapUpCodes()
  useKeptDrafts(written)
  useProposedSubject(written)
  return (
    <section
      className={`${desk['zone']} ${styles['zone']}`}
      aria-label={t('desk.zones.words')}
      {...(callId === null ? scrolledByKeys : { tabIndex: -1 })}
      data-zone
    >
      <Script state={state} />
      {callId !== null && <FromColleague callId={callId} key={`colleague ${callId}`} />}
      {callId === null && <UnfinishedCalls />}
      {callId === null && <ToTellShortlist />}
      {callId === null && <IdleNotices />}
      {(callId === null || state.name === 'ringing') && <IdleKeys />}
      {written !== null && state.name !== 'ringing' && (
        <>
          <Notes callId={written} key={`notes ${written}`} />
          <WrapUp callId={written} state={state} run={run} key={`wrap-up ${written}`} />
        </>
      )}
    </section>
  )
}
