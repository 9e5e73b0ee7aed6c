import type { TFunction } from 'i18next'
import type { AgentView } from '../../../http/agents/wire.ts'

/** The effect of signing this agent out now, above all on a call. */
export function signOutText(agent: AgentView, t: TFunction): string {
  switch (agent.state) {
    case 'offered':
      return t('board.signOut.offered', { name: agent.name })
    case 'talking':
      return t('board.signOut.talking', { name: agent.name })
    case 'wrap-up':
      return t('board.signOut.wrapUp', { name: agent.name })
    case 'ready':
    case 'paused':
    case 'signed out':
      return t('board.signOut.idle', { name: agent.name })
  }
}
