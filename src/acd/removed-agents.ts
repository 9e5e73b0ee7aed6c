/** Agents whose account was closed or lost the role. */
import type { Logger } from 'pino'
import type { AgentId } from '../core/ids.ts'
import type { Conductor } from './conductor.ts'
import type { AcdState } from './acd-state.ts'
import type { Directory } from './ports.ts'

interface People {
  readonly directory: Directory
  readonly log: Logger
}

/** Signs them out: at once, or after the conversation that they are in. */
export function signOutRemovedAgents(
  conductor: Conductor,
  acdState: AcdState,
  { directory, log }: People,
): void {
  const people = new Set(directory.agents().flatMap(({ id, isAgent = true }) => (isAgent ? [id] : [])))
  for (const { value } of acdState.agents()) {
    if (people.has(value.id) || value.state === 'signed out') continue
    // A supervisor who has taken a call over.
    if (value.state === 'talking' && value.after.state === 'signed out') continue
    signOut(conductor, acdState, value.id).catch((error: unknown) =>
      log.error({ err: error, agent: value.id }, 'a removed agent was not signed out'),
    )
  }
}

async function signOut(conductor: Conductor, acdState: AcdState, id: AgentId): Promise<void> {
  await conductor.applyAgent(id, { type: 'SignedOut' })
  const agent = acdState.agent(id)?.value
  if (agent?.state !== 'offered' || acdState.call(agent.call)?.value.phase !== 'ringing') return
  // The caller goes on to the next agent at once.
  await conductor.apply(agent.call, { type: 'OfferEnded', offer: agent.offer.id, end: 'withdrawn' })
}
