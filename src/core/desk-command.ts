/**
 * A command from an agent's desk to the ACD, as data: the same value goes from HTTP to the owner's node, and there to
 * its handler (`acd/desk/desk.ts`).
 *
 * `offer` names the offer that the agent saw. A command that comes late is refused as `not in a call` instead of
 * acting on the next caller. Without it the present call is meant.
 */
import type { Agent, PauseReason, Supervisor } from './agent.ts'
import type { Returned } from './call-event.ts'
import type { ConsultTarget, SupervisionMode, TransferTarget } from './call.ts'
import type { RecordingPauseReason } from './media/recording-pause.ts'
import type { AgentId, CallId, OfferId, QueueId } from './ids.ts'
import type { Device } from './offer.ts'
import { callOutRefusals } from './phone-number.ts'

interface OnAgent {
  readonly agent: AgentId
}
interface OnCall extends OnAgent {
  readonly offer?: OfferId
}

export type DeskCommand =
  | ({ readonly do: 'signIn' } & OnAgent)
  | ({ readonly do: 'signOut' } & OnAgent)
  | ({ readonly do: 'ready' } & OnAgent)
  | ({ readonly do: 'pause'; readonly reason: PauseReason } & OnAgent)
  /** A supervisor's pause, and its end. */
  | ({ readonly do: 'imposePause'; readonly by: Supervisor } & OnAgent)
  | ({ readonly do: 'liftPause'; readonly by: Supervisor } & OnAgent)
  /** Null: whichever phone is reachable, the browser first. */
  | ({ readonly do: 'chooseDevice'; readonly device: Device | null } & OnAgent)
  /** Calls a citizen: the agent's own phone first. `number` as typed or kept, read by `phone-number.ts`. */
  | ({
      readonly do: 'callOut'
      /** Whether the agent is a supervisor as well. */
      readonly isSupervisor: boolean
      readonly number: string | null
      readonly returns: Returned | null
      /** Of the call that is returned; absent, or removed meanwhile: that of the city's number. */
      readonly queue?: QueueId
      /** The agent has registered the request themselves, with another number than the caller's. Absent: no. */
      readonly isOwnWord?: boolean
    } & OnAgent)
  | ({ readonly do: 'hangUp' } & OnCall)
  | ({ readonly do: 'hold' } & OnCall)
  | ({ readonly do: 'resume' } & OnCall)
  | ({ readonly do: 'mute'; readonly muted: boolean } & OnCall)
  /** Sends the caller on; the agent leaves the call. */
  | ({ readonly do: 'transfer'; readonly to: TransferTarget } & OnCall)
  /**
   * Asks a colleague or an external party; the caller hears music. `hold` and `resume` then go to and fro between the two.
   * `joins`: as soon as they answer, all three hear each other.
   */
  | ({ readonly do: 'consult'; readonly to: ConsultTarget; readonly joins: boolean } & OnCall)
  /** All three hear each other. */
  | ({ readonly do: 'joinConsult' } & OnCall)
  /** The caller stays with the colleague; the agent leaves the call. */
  | ({ readonly do: 'completeConsult' } & OnCall)
  /** The colleague leaves the call; the agent talks with the caller. */
  | ({ readonly do: 'cancelConsult' } & OnCall)
  | ({ readonly do: 'askForHelp'; readonly wanted: boolean } & OnCall)
  | ({ readonly do: 'pauseRecording'; readonly reason: RecordingPauseReason } & OnCall)
  | ({ readonly do: 'resumeRecording' } & OnCall)
  /** The supervisor `agent` takes part in a call, or in another way than before. */
  | ({ readonly do: 'supervise'; readonly call: CallId; readonly mode: SupervisionMode } & OnAgent)
  | ({ readonly do: 'stopSupervising' } & OnAgent)
  /** The supervisor serves the caller from now on. */
  | ({ readonly do: 'takeOver' } & OnAgent)
  | ({
      readonly do: 'moveCall'
      readonly call: CallId
      readonly queue: QueueId
      readonly toFront: boolean
    } & OnAgent)
  | ({ readonly do: 'endCall'; readonly call: CallId } & OnAgent)
  /** The waiting caller hears that they will be called back, and keeps the place in the queue. */
  | ({ readonly do: 'promiseCallback'; readonly call: CallId } & OnAgent)
  | ({ readonly do: 'cancelCallback'; readonly call: CallId } & OnAgent)
  /** Declines the ringing offer: the caller goes back to the front of the queue. */
  | ({ readonly do: 'decline' } & OnCall)
  | ({ readonly do: 'extendWrapUp'; readonly byMs: number } & OnAgent)
  | ({ readonly do: 'endWrapUp' } & OnAgent)
  /**
   * A page opened its feed. `instance` is the page's own random name: the same one back keeps its leg, and a new
   * one during a conversation on the browser phone has the old leg removed and the phone rung again.
   */
  | ({ readonly do: 'pageOpened'; readonly instance: string } & OnAgent)
export type DeskCommandName = DeskCommand['do']
export type DeskCommandOf<Do extends DeskCommandName> = Extract<DeskCommand, { do: Do }>

/** Expected refusals; the screens have a sentence for each. */
export const deskRefusals = [
  'no reachable phone',
  'not signed in',
  'paused by a supervisor',
  'not paused by a supervisor',
  'not in a call',
  'in a call',
  'not in wrap-up',
  'line is away',
  'unknown agent',
  'unknown queue',
  'unknown pause reason',
  'unknown contact',
  'a transfer to oneself',
  'colleague not free',
  'queue not served',
  'already consulting',
  'nobody consulted',
  'held at the phone',
  'no such conversation',
  'supervising another call',
  'not supervising',
  'call not waiting',
  'call is over',
  'number in another call',
  'not to be called back',
  ...callOutRefusals,
] as const
export type DeskRefusal = (typeof deskRefusals)[number]

/** The agent after the command, once that is saved; or why nothing was done. */
export type DeskAnswer =
  | { readonly ok: true; readonly value: Agent }
  | { readonly ok: false; readonly refusal: DeskRefusal }
