/** What the agent's desk asks for; each answer comes after the change is saved. */
import type { Agent } from '../core/agent.ts'
import { reachableDevice } from '../core/agent.ts'
import { newAgent } from '../core/agent-step.ts'
import type { AgentEvent } from '../core/agent-event.ts'
import type { CallEvent } from '../core/call-event.ts'
import type { LiveCall } from '../core/call.ts'
import type { AgentId, OfferId } from '../core/ids.ts'
import type { Conductor } from './conductor.ts'
import type { PbxEventHandler } from './pbx-events.ts'
import type { AcdState } from './acd-state.ts'
import type { Clock, Command, DeskCommands, Directory, Refusal } from './ports.ts'

export interface DeskDeps {
  readonly conductor: Conductor
  readonly listener: PbxEventHandler
  readonly acdState: AcdState
  readonly directory: Directory
  readonly clock: Clock
  /** Whether this node owns a line that it can act on. */
  readonly lineIsHere: () => boolean
}

type InOffer = LiveCall & { readonly offer: { readonly id: OfferId; readonly agent: AgentId } }

const refuse = (refusal: Refusal): Command<Agent> => ({ ok: false, refusal })

export function deskCommands(deps: DeskDeps): DeskCommands {
  const { conductor, acdState, clock, directory } = deps
  /** The page whose feed each agent has open. */
  const pages = new Map<AgentId, string>()

  const agentNow = (id: AgentId): Agent => acdState.agent(id)?.value ?? newAgent(id, clock.now())

  async function tell(id: AgentId, event: AgentEvent): Promise<Command<Agent>> {
    if (!deps.lineIsHere()) return refuse('line is away')
    if (!directory.agents().some((agent) => agent.id === id)) return refuse('unknown agent')
    if (agentNow(id).state === 'signed out' && event.type !== 'SignedIn' && event.type !== 'SignedOut') {
      return refuse('not signed in')
    }
    await conductor.applyAgent(id, event)
    return { ok: true, value: agentNow(id) }
  }

  function callOf(id: AgentId, named?: OfferId): InOffer | null {
    const agent = agentNow(id)
    if (agent.state !== 'offered' && agent.state !== 'talking') return null
    const call = acdState.call(agent.call)?.value
    if (call === undefined || !('offer' in call) || call.offer.agent !== id) return null
    return named === undefined || isMeant(call, named) ? call : null
  }

  /** A conversation that was mended has another offer than the desk may still show. */
  const isMeant = (call: InOffer, named: OfferId): boolean =>
    call.offer.id === named || (call.phase !== 'ringing' && acdState.callOfOffer(named) === call.id)

  async function tellCall(
    id: AgentId,
    named: OfferId | undefined,
    event: (offer: OfferId) => CallEvent,
  ): Promise<Command<Agent>> {
    if (!deps.lineIsHere()) return refuse('line is away')
    const call = callOf(id, named)
    if (call === null) return refuse('not in a call')
    await conductor.apply(call.id, event(call.offer.id))
    return { ok: true, value: agentNow(id) }
  }

  return {
    signIn: (id) => tell(id, { type: 'SignedIn' }),

    async signOut(id) {
      const answer = await tell(id, { type: 'SignedOut' })
      // Signing out while it rings: the caller goes on to the next agent at once.
      const call = callOf(id)
      if (call?.phase === 'ringing') {
        await conductor.apply(call.id, { type: 'OfferEnded', offer: call.offer.id, end: 'withdrawn' })
      }
      return answer.ok ? { ok: true, value: agentNow(id) } : answer
    },

    async ready(id) {
      const agent = agentNow(id)
      if (agent.state !== 'signed out' && reachableDevice(agent.phones) === null) {
        return refuse('no reachable phone')
      }
      return tell(id, { type: 'ReadyRequested' })
    },

    pause: (id, reason) => tell(id, { type: 'PauseRequested', reason }),
    chooseDevice: (id, device) => tell(id, { type: 'DeviceChosen', device }),

    async hangUp(id, named) {
      return callOf(id, named)?.phase === 'ringing'
        ? tellCall(id, named, (offer) => ({ type: 'OfferEnded', offer, end: 'declined' }))
        : tellCall(id, named, (offer) => ({ type: 'AgentHungUp', offer }))
    },
    hold: (id, named) => tellCall(id, named, (offer) => ({ type: 'HoldRequested', offer, by: 'desk' })),
    resume: (id, named) => tellCall(id, named, (offer) => ({ type: 'ResumeRequested', offer })),
    mute: (id, muted, named) => tellCall(id, named, (offer) => ({ type: 'MuteRequested', offer, muted })),

    async decline(id, named) {
      if (callOf(id, named)?.phase !== 'ringing') return refuse('not in a call')
      return tellCall(id, named, (offer) => ({ type: 'OfferEnded', offer, end: 'declined' }))
    },

    async extendWrapUp(id, byMs) {
      const agent = agentNow(id)
      if (agent.state !== 'wrap-up') return refuse('not in wrap-up')
      return tell(id, { type: 'WrapUpExtended', until: agent.until + byMs })
    },
    async endWrapUp(id) {
      if (agentNow(id).state !== 'wrap-up') return refuse('not in wrap-up')
      return tell(id, { type: 'WrapUpEnded' })
    },

    async pageOpened(id, instance) {
      const before = pages.get(id)
      pages.set(id, instance)
      const call = callOf(id)
      // The same page back after a blip keeps its leg. After a restart of ours nobody is known, and a
      // page that talks is taken for the one that talked: a truly dead one has no audio within seconds.
      if (before === undefined || before === instance || call?.phase === undefined) return
      if (call.phase !== 'talking' && call.phase !== 'held') return
      if (call.offer.device !== 'web') return
      await conductor.apply(call.id, { type: 'AgentLegLost', offer: call.offer.id, cause: 'page reloaded' })
      deps.listener.offerReturns()
    },

    pageClosed(_id, _instance) {
      // Nothing to do: a page that is really gone sends no audio, and Asterisk tells after 5 s.
    },
  }
}
