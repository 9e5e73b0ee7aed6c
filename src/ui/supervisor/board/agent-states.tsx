import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useLive } from '../../live/use-live.ts'
import { agentsByState } from './figures.ts'
import { useShownAgents } from './queue/shown.ts'
import { WorkMark } from './work-mark.tsx'
import styles from './board.module.css'

/** How many agents are in each state. */
export function AgentStates() {
  const { t } = useTranslation()
  const agents = useShownAgents()
  const calls = useLive((state) => state.calls)
  const states = useMemo(() => agentsByState(agents.values(), calls), [agents, calls])
  return (
    <ul className={styles['states']} aria-label={t('board.working.states')} data-states>
      {states.map(({ state, count }) => (
        <li key={state}>
          <strong>{count}</strong> <WorkMark state={state} />
        </li>
      ))}
    </ul>
  )
}
