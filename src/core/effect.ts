/**
 * Effects as data: what a change of a call's media plan wants done in the world. They are appended to a stream in the same
 * script that saves the state, performed by the holder of that Asterisk's lease, and idempotent by
 * our own ids: doing one twice does no harm.
 */
import type { WordSounds } from './announcements/own-words.ts'
import type { AgentId, BridgeId, CallId, ChannelId, Millis, OfferId, PlaybackId, QueueId } from './ids.ts'
import type { Device } from './offer.ts'

/**
 * An announcement to the caller; the adapter chooses the sound files. Times are epoch ms. `language`: of a caller who has chosen it by
 * key before; absent: Romanian. `words`: the number's own; absent: the fixed ones.
 */
export type Prompt =
  | { readonly say: 'greeting'; readonly words?: WordSounds }
  | { readonly say: 'closed'; readonly opensAt: number | null; readonly words?: WordSounds }
  /** The same, and how to be called back once it is open. */
  | { readonly say: 'callback question'; readonly opensAt: number; readonly words?: WordSounds }
  /** The same, and how to leave a message. */
  | { readonly say: 'voicemail'; readonly opensAt: number | null; readonly words?: WordSounds }
  /** To a caller who has chosen it by key. */
  | { readonly say: 'leave a message'; readonly sound: string }
  /** The caller is recorded already. */
  | { readonly say: 'tone' }
  | { readonly say: 'line full' }
  /** `isWrongKey`: after a sound that tells of a key without a meaning. */
  | { readonly say: 'menu'; readonly sound: string; readonly isWrongKey: boolean }
  /** To a caller who waits, in place of the music, one who is asked while it is closed, or after the conversation; `sounds` one after the other. */
  | { readonly say: 'announcement'; readonly sounds: readonly string[] }
  | { readonly say: 'waited too long'; readonly language?: 'en' }
  | { readonly say: 'callback promised'; readonly language?: 'en' }
  /** To a caller of a closed number. */
  | { readonly say: 'callback promised when open' }

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
  /** Of a prompt that may be interrupted; no error when it has ended. */
  | { readonly do: 'StopPlaying'; readonly channel: ChannelId; readonly playback: PlaybackId }
  /** Of the queue; absent in effects of earlier versions: the line's. */
  | { readonly do: 'StartMusic'; readonly channel: ChannelId; readonly queue?: QueueId }
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
  /** The same for a contact, whose leg is named `channel`. */
  | {
      readonly do: 'DialExternal'
      readonly call: CallId
      readonly channel: ChannelId
      readonly number: string
      readonly ringTimeoutMs: number
    }
  /** The ringing tone, until the channel is put into a bridge or `StopRingback`. */
  | { readonly do: 'StartRingback'; readonly channel: ChannelId }
  | { readonly do: 'StopRingback'; readonly channel: ChannelId }
  /** Make a bridge beforehand, for the moment in which somebody picks up. */
  | { readonly do: 'BuildBridge'; readonly bridge: BridgeId }
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
  /**
   * Record what the caller says from now on, once. Asterisk goes on without us, and hangs up by itself some seconds after
   * `maxMs`.
   */
  | { readonly do: 'RecordVoicemail'; readonly channel: ChannelId; readonly maxMs: Millis }
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
