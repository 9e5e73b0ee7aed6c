import { useTranslation } from 'react-i18next'
import { Boundary } from '../shared/components/boundary.tsx'
import { useTitle } from '../shared/use-title.ts'
import { CallZone } from './call/call-zone.tsx'
import { inCall } from './desk-actions.ts'
import { callIdOf } from './desk-state.ts'
import { useDeskState } from './use-desk.ts'
import { useRun } from './use-run.ts'
import { ScriptZone } from './script/script-zone.tsx'
import { WorkZone } from './work/work-zone.tsx'
import styles from './desk.module.css'

/**
 * The agent's main screen: the call, the work and the script. Its keys belong to the session and work on every
 * screen.
 */
export function DeskPage() {
  const { t } = useTranslation()
  const state = useDeskState()
  const callId = callIdOf(state) ?? ''
  const run = useRun()
  const rings = state.name === 'ringing' && !state.picking
  useTitle(rings ? t('desk.rings') : t('desk.title'))

  return (
    <div className={styles.desk} data-state={state.name} data-busy={inCall(state)}>
      <h1 className="spoken-only">{t('desk.title')}</h1>
      <Boundary of="part" place={callId}>
        <CallZone run={run} />
      </Boundary>
      <WorkZone />
      <Boundary of="part" place={callId}>
        <ScriptZone run={run} />
      </Boundary>
    </div>
  )
}
