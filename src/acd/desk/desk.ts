/** Carries out the commands of the agents' desks; each answer comes once the change is saved. */
import type { Agent } from '../../core/agent.ts'
import { reachableDevice } from '../../core/agent.ts'
import { newAgent } from '../../core/agent-step.ts'
import type { AgentEvent } from '../../core/agent-event.ts'
import type { CallEvent } from '../../core/call-event.ts'
import type { LiveCall } from '../../core/call.ts'
import { isOffered } from '../../core/configuration/pauses.ts'
import { isExternal } from '../../core/contact.ts'
import { isAwayAtPhone } from '../../core/media/media-plan.ts'
import type { DeskAnswer, DeskCommand, DeskCommandName } from '../../core/desk-command.ts'
import type { AgentId, CallId, ChannelId, OfferId } from '../../core/ids.ts'
import type { Offer } from '../../core/offer.ts'
import { agentHungUp } from '../announcements/survey.ts'
import { LatestIds } from '../latest-ids.ts'
import { callOutRules } from '../../core/configuration/outbound.ts'
import { callOutHandlers } from './call-out.ts'
import { DialledLately } from './dialled-lately.ts'
import { consultHandlers } from './consult.ts'
import { askByPhone, type SecondLine } from './second-line.ts'
import { supervisionHandlers } from './supervision.ts'
import { transferByPhone, transferHandlers, type TransferAsked } from './transfer.ts'
import { refuse, type DeskDeps, type DeskTools, type HandlersOf, type InOffer, type OnCall } from './tools.ts'
import type { Desk } from '../ports.ts'

/** Less than another node waits for the answer (`http/nodes/shared-desk.ts`). */
const phoneAnswersWithinMs = 500
const lookAgainMs = 50

export interface OwnDesk extends Desk {
  /** A desk phone's own transfer key; false: refused. */
  readonly transferAsked: (asked: TransferAsked) => boolean
  /** A colleague is dialled on a desk phone. */
  readonly secondLine: (line: SecondLine) => void
}

export function desk(deps: DeskDeps): OwnDesk {
  const tools = toolsOf(deps)
  const handlers = handlersOf(tools)
  const refusedLines = new LatestIds<ChannelId>()
  return {
    transferAsked: (asked) => transferByPhone(asked, tools),
    secondLine: (line) => void askByPhone(line, refusedLines, tools),
    async perform(command) {
      // Without the line the agents' state is unknown or old, and gives a wrong reason. A page is known without it.
      if (command.do !== 'pageOpened' && !deps.lineIsHere()) return refuse('line is away')
      return (handlers[command.do] as (command: DeskCommand) => Promise<DeskAnswer>)(command)
    },
  }
}

function toolsOf(deps: DeskDeps): DeskTools {
  const { conductor, acdState, clock, directory, rules } = deps
  const agentNow = (id: AgentId): Agent => acdState.agent(id)?.value ?? newAgent(id, clock.now())
  const done = (id: AgentId): DeskAnswer => ({ ok: true, value: agentNow(id) })

  function callOf({ agent: id, offer }: OnCall): InOffer | null {
    const agent = agentNow(id)
    if (agent.state !== 'offered' && agent.state !== 'talking') return null
    const call = acdState.call(agent.call)?.value
    if (call === undefined || !('offer' in call) || call.offer.agent !== id) return null
    return offer === undefined || isMeant(call, offer) ? call : null
  }

  /** A conversation that was mended has another offer than the desk may still show. */
  const isMeant = (call: InOffer, offer: OfferId): boolean =>
    call.offer.id === offer || (call.phase !== 'ringing' && acdState.callOfOffer(offer) === call.id)

  async function applyToCall(
    command: OnCall,
    event: (offer: OfferId, call: CallId) => CallEvent,
  ): Promise<DeskAnswer> {
    const call = callOf(command)
    if (call === null) return refuse('not in a call')
    await conductor.apply(call.id, event(call.offer.id, call.id))
    return done(command.agent)
  }

  /** A phone that has just registered is reachable once it has answered Asterisk's qualify. */
  async function becomesReachable(id: AgentId): Promise<boolean> {
    const giveUpAt = clock.monotonic() + phoneAnswersWithinMs
    while (reachableDevice(agentNow(id).phones) === null) {
      if (clock.monotonic() >= giveUpAt) return false
      await new Promise<void>((resolve) => void clock.after(lookAgainMs, resolve))
    }
    return true
  }

  const contactsDialled = new DialledLately(clock)
  const rulesInForce = () => callOutRules(directory.outbound(), rules.callOut)
  return {
    ...deps,
    agentNow,
    callOutRules: rulesInForce,
    contactsDialled,
    done,
    becomesReachable,
    callOf,
    applyToCall,
  }
}

function handlersOf(tools: DeskTools): HandlersOf<DeskCommandName> {
  const {
    acdState,
    agentNow,
    applyToCall,
    becomesReachable,
    callOf,
    conductor,
    directory,
    done,
    lineIsHere,
  } = tools
  /** The page whose feed each agent has open. */
  const pages = new Map<AgentId, string>()

  async function applyToAgent(id: AgentId, event: AgentEvent): Promise<DeskAnswer> {
    // It can have gone while the command waited for a phone.
    if (!lineIsHere()) return refuse('line is away')
    if (!directory.agents().some((agent) => agent.id === id)) return refuse('unknown agent')
    if (agentNow(id).state === 'signed out' && event.type !== 'SignedIn' && event.type !== 'SignedOut') {
      return refuse('not signed in')
    }
    await conductor.applyAgent(id, event)
    return done(id)
  }

  /** The leg with which the agent is in a call beside the agent who serves it: as a colleague who is asked, or a supervisor. */
  function besideOf(id: AgentId): { readonly call: LiveCall; readonly offer: Offer } | null {
    const supervised = acdState.supervisedBy(id)
    const supervision = supervised?.supervisions.find(({ offer }) => offer.agent === id)
    if (supervised !== undefined && supervision !== undefined)
      return { call: supervised, offer: supervision.offer }
    const agent = agentNow(id)
    if (agent.state !== 'offered' && agent.state !== 'talking') return null
    const call = acdState.call(agent.call)?.value
    const asked = call?.consult?.offer
    if (call === undefined || asked === undefined || isExternal(asked)) return null
    return asked.agent === id ? { call, offer: asked } : null
  }

  async function leave(id: AgentId, event: (offer: OfferId) => CallEvent): Promise<DeskAnswer> {
    const beside = besideOf(id)
    if (beside === null) return refuse('not in a call')
    await conductor.apply(beside.call.id, event(beside.offer.id))
    return done(id)
  }

  const declineCall = (command: OnCall): Promise<DeskAnswer> =>
    applyToCall(command, (offer) => ({ type: 'OfferEnded', offer, end: 'declined' }))

  return {
    ...callOutHandlers(tools),
    ...consultHandlers(tools),
    ...supervisionHandlers(tools),
    ...transferHandlers(tools),

    signIn: ({ agent }) => applyToAgent(agent, { type: 'SignedIn' }),

    async signOut({ agent }) {
      const answer = await applyToAgent(agent, { type: 'SignedOut' })
      // Signing out while the phone rings: the caller goes on to the next agent at once.
      const call = callOf({ agent })
      if (agentNow(agent).state === 'offered' && besideOf(agent) !== null)
        await leave(agent, (offer) => ({ type: 'OfferEnded', offer, end: 'withdrawn' }))
      else if (call?.phase === 'ringing') {
        await conductor.apply(call.id, { type: 'OfferEnded', offer: call.offer.id, end: 'withdrawn' })
      }
      return answer.ok ? done(agent) : answer
    },

    async ready({ agent }) {
      const asked = agentNow(agent)
      if (asked.state !== 'signed out' && asked.imposed !== null) return refuse('paused by a supervisor')
      if (asked.state !== 'signed out') {
        if (!(await becomesReachable(agent))) return refuse('no reachable phone')
        // Another command came meanwhile, and is the newer one.
        if (agentNow(agent).since !== asked.since) return done(agent)
      }
      return applyToAgent(agent, { type: 'ReadyRequested' })
    },

    async pause({ agent, reason }) {
      // A node of an older release relays a supervisor's pause as this reason.
      if (reason === 'supervisor') return applyToAgent(agent, { type: 'PauseImposed', by: null })
      const { state, imposed } = agentNow(agent)
      if (state !== 'signed out' && imposed !== null) return refuse('paused by a supervisor')
      if (!isOffered(directory.pauses(), reason)) return refuse('unknown pause reason')
      return applyToAgent(agent, { type: 'PauseRequested', reason })
    },
    imposePause: ({ agent, by }) => applyToAgent(agent, { type: 'PauseImposed', by }),
    async liftPause({ agent, by }) {
      const { state, imposed } = agentNow(agent)
      if (state !== 'signed out' && imposed === null) return refuse('not paused by a supervisor')
      return applyToAgent(agent, { type: 'PauseLifted', by })
    },
    chooseDevice: ({ agent, device }) => applyToAgent(agent, { type: 'DeviceChosen', device }),

    async hangUp(command) {
      if (besideOf(command.agent) !== null)
        return leave(command.agent, (offer) => ({ type: 'AgentHungUp', offer }))
      return callOf(command)?.phase === 'ringing'
        ? declineCall(command)
        : applyToCall(command, (offer, call) => agentHungUp(call, offer, tools))
    },
    hold: (command) => applyToCall(command, (offer) => ({ type: 'HoldRequested', offer, by: 'desk' })),
    async resume(command) {
      const call = callOf(command)
      if (call !== null && isAwayAtPhone(call)) return refuse('held at the phone')
      return applyToCall(command, (offer) => ({ type: 'ResumeRequested', offer, by: 'desk' }))
    },
    mute: (command) =>
      applyToCall(command, (offer) => ({ type: 'MuteRequested', offer, muted: command.muted })),
    async decline(command) {
      const rings =
        acdState.supervisedBy(command.agent) !== undefined || agentNow(command.agent).state === 'offered'
      if (rings && besideOf(command.agent) !== null)
        return leave(command.agent, (offer) => ({ type: 'OfferEnded', offer, end: 'declined' }))
      return callOf(command)?.phase === 'ringing' ? declineCall(command) : refuse('not in a call')
    },

    async extendWrapUp({ agent: id, byMs }) {
      const agent = agentNow(id)
      if (agent.state !== 'wrap-up') return refuse('not in wrap-up')
      return applyToAgent(id, { type: 'WrapUpExtended', until: agent.until + byMs })
    },
    async endWrapUp({ agent }) {
      if (agentNow(agent).state !== 'wrap-up') return refuse('not in wrap-up')
      return applyToAgent(agent, { type: 'WrapUpEnded' })
    },

    async pageOpened({ agent, instance }) {
      const before = pages.get(agent)
      pages.set(agent, instance)
      const call = callOf({ agent })
      const beside = before === undefined || before === instance ? null : besideOf(agent)
      // A colleague or a supervisor whose page is new is asked, or listens, anew.
      if (beside?.offer.device === 'web')
        await leave(agent, (offer) => ({ type: 'AgentLegLost', offer, cause: 'page reloaded' }))
      // The phone in the page that is gone was in an attempt to call a citizen, whose phone must not go on ringing.
      if (
        before !== undefined &&
        before !== instance &&
        (call?.phase === 'summoning' || call?.phase === 'dialling') &&
        call.offer.device === 'web'
      )
        await conductor.apply(call.id, {
          type: 'AgentLegLost',
          offer: call.offer.id,
          cause: 'page reloaded',
        })
      // The same page back after a blip keeps its leg. After a restart of ours no page is known, and one that
      // talks is taken for the one that talked: a truly dead one has no audio within seconds.
      if (before === undefined || before === instance || call === null) return done(agent)
      if (call.phase !== 'talking' && call.phase !== 'held') return done(agent)
      if (call.offer.device !== 'web') return done(agent)
      await conductor.apply(call.id, { type: 'AgentLegLost', offer: call.offer.id, cause: 'page reloaded' })
      return done(agent)
    },
  }
}
