/**
 * Effects as data: what a change of a call's media plan wants done in the world. They are appended to a stream in the same
 * script that saves the state, performed by the holder of that Asterisk's lease, and idempotent by
 * our own ids: doing one twice does no harm.
 */
import type { AgentId, BridgeId, CallId, ChannelId, OfferId, PlaybackId } from './ids.ts'
import type { Device } from './offer.ts'

/** An announcement to the caller; the adapter chooses the sound files. Times are epoch ms. */
export type Prompt =
  | { readonly say: 'greeting' }
  | { readonly say: 'closed'; readonly opensAt: number | null }
  | { readonly say: 'line full' }
  | { readonly say: 'waited too long' }

/** The cause that the network gets. */
export type HangUpAs = 'normal' | 'busy' | 'congestion'

export type Effect =
  | { readonly do: 'AnswerCaller'; readonly channel: ChannelId }
  /** Early media: the caller hears us without being charged. */
  | { readonly do: 'SignalProgress'; readonly channel: ChannelId }
  | {
      readonly do: 'Play'
      readonly channel: ChannelId
      readonly playback: PlaybackId
      readonly prompt: Prompt
    }
  | { readonly do: 'StartMusic'; readonly channel: ChannelId }
  | { readonly do: 'StopMusic'; readonly channel: ChannelId }
  | {
      readonly do: 'RingAgent'
      readonly call: CallId
      readonly offer: OfferId
      readonly agent: AgentId
      readonly device: Device
      readonly callerNumber: string | null
      readonly ringTimeoutMs: number
      /** The phone should pick up by itself: the agent was already in this conversation. */
      readonly autoAnswer: boolean
    }
  /** Create the bridge and put both legs into it; the caller's music stops. */
  | {
      readonly do: 'Connect'
      readonly bridge: BridgeId
      readonly caller: ChannelId
      readonly agent: ChannelId
    }
  /** Take the caller out of the bridge, with music; the agent's leg stays in the bridge. */
  | { readonly do: 'Hold'; readonly bridge: BridgeId; readonly caller: ChannelId }
  | { readonly do: 'Resume'; readonly bridge: BridgeId; readonly caller: ChannelId }
  /** Whether the agent's voice reaches the bridge. */
  | { readonly do: 'Mute'; readonly channel: ChannelId; readonly muted: boolean }
  | { readonly do: 'DestroyBridge'; readonly bridge: BridgeId }
  | { readonly do: 'HangUp'; readonly channel: ChannelId; readonly as: HangUpAs }
  /** Hand the finished call's audio to the recording job. */
  | { readonly do: 'FinishRecording'; readonly call: CallId }
export type EffectOf<Do extends Effect['do']> = Extract<Effect, { do: Do }>
