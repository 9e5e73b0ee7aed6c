import { useLive } from '../live/use-live.ts'
import { useMe } from '../shared/server/me.ts'

/** How a sign-out would concern a citizen; null: not at all. */
export type Engagement = 'ringing' | 'talking' | 'muted' | 'held' | 'wrapUp'

export function useEngagement(): Engagement | null {
  const me = useMe()
  return useLive(({ agents, calls }) => {
    const agent = agents.get(me.id)
    const call = agent === undefined || agent.callId === null ? undefined : calls.get(agent.callId)
    switch (agent?.state) {
      case 'offered':
        return 'ringing'
      case 'talking':
        if (call?.phase === 'held') return 'held'
        return call?.muted === true ? 'muted' : 'talking'
      case 'wrap-up':
        return 'wrapUp'
      case 'paused':
      case 'ready':
      case 'signed out':
      case undefined:
        return null
    }
  })
}
