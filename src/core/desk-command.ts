/**
 * A command from an agent's desk to the ACD, as data: the same value goes from HTTP to the owner's node, and there to
 * its handler (`acd/desk.ts`).
 *
 * `offer` names the offer that the agent saw. A command that comes late is refused as `not in a call` instead of
 * acting on the next caller. Without it the present call is meant.
 */
import type { Agent, PauseReason, Supervisor } from './agent.ts'
import type { TransferTarget } from './call.ts'
import type { AgentId, OfferId } from './ids.ts'
import type { Device } from './offer.ts'

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
  | ({ readonly do: 'hangUp' } & OnCall)
  | ({ readonly do: 'hold' } & OnCall)
  | ({ readonly do: 'resume' } & OnCall)
  | ({ readonly do: 'mute'; readonly muted: boolean } & OnCall)
  /** Sends the caller on; the agent leaves the call. */
  | ({ readonly do: 'transfer'; readonly to: TransferTarget } & OnCall)
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
  'a transfer to oneself',
  'colleague not free',
  'queue not served',
] as const
export type DeskRefusal = (typeof deskRefusals)[number]

/** The agent after the command, once that is saved; or why nothing was done. */
export type DeskAnswer =
  | { readonly ok: true; readonly value: Agent }
  | { readonly ok: false; readonly refusal: DeskRefusal }
