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
      /** Whether its recorder starts as soon as it is picked up. */
      readonly isRecorded: boolean
    }
  /**
   * Call a citizen through the provider, from the city's number; once they have picked up they hear that the call is
   * recorded. Their channel is named `channel`.
   */
  | {
      readonly do: 'DialCaller'
      readonly channel: ChannelId
      /** As it is dialled (`0722000111`); digits alone. */
      readonly number: string
      readonly ringTimeoutMs: number
    }
  /** The ringing tone, until the channel is put into a bridge or `StopRingback`. */
  | { readonly do: 'StartRingback'; readonly channel: ChannelId }
  | { readonly do: 'StopRingback'; readonly channel: ChannelId }
  /** Put these into the bridge, where nobody is yet and which may not exist; the caller's music stops. */
  | { readonly do: 'Connect'; readonly bridge: BridgeId; readonly channels: readonly ChannelId[] }
  /** Put these into the bridge, to those who are there; the caller's music stops. */
  | { readonly do: 'Join'; readonly bridge: BridgeId; readonly channels: readonly ChannelId[] }
  /** Take these out of the bridge, into silence. */
  | { readonly do: 'Leave'; readonly bridge: BridgeId; readonly channels: readonly ChannelId[] }
  /** A supervisor's leg hears the leg `heard`, both ways, and is heard there by that leg alone. */
  | {
      readonly do: 'Tap'
      readonly bridge: BridgeId
      readonly channel: ChannelId
      readonly heard: ChannelId
      readonly ear: ChannelId
    }
  /** Start the recorder of a leg that is up and has none. */
  | { readonly do: 'Record'; readonly channel: ChannelId }
  /** Whether the leg's recorder keeps silence instead of the conversation. */
  | { readonly do: 'PauseRecording'; readonly channel: ChannelId; readonly paused: boolean }
  /** Whether the agent's voice reaches the bridge. */
  | { readonly do: 'Mute'; readonly channel: ChannelId; readonly muted: boolean }
  /** Tell a desk phone whose transfer key was pressed: the caller was sent on, or stays with the agent. */
  | { readonly do: 'AnswerTransferKey'; readonly channel: ChannelId; readonly isSentOn: boolean }
  | { readonly do: 'DestroyBridge'; readonly bridge: BridgeId }
  | { readonly do: 'HangUp'; readonly channel: ChannelId; readonly as: HangUpAs }
  /** Hand the finished call's audio to the recording job. */
  | { readonly do: 'FinishRecording'; readonly call: CallId }
export type EffectOf<Do extends Effect['do']> = Extract<Effect, { do: Do }>
