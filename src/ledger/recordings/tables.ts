/** The tables of recordings. */
import type { GeneratedAlways } from 'kysely'
import type { AgentId, CallId, ChannelId, Millis } from '../../core/ids.ts'
import type { Fixed, Json, RecordedAt } from '../columns.ts'

export type Track = 'caller' | 'agent'

/** Maps file offsets to wall time: the file advances only while the leg is bridged with somebody. */
export interface RecordingSpan {
  readonly offsetMs: number
  readonly startedAt: Millis
  readonly durationMs: number
}

/** A stretch of conversation that the file does not hold. */
export interface RecordingGap {
  readonly startedAt: Millis
  readonly endedAt: Millis
  readonly why: string
}

/** Loudness of each track, 0–100 per slice of equal length. */
export interface Waveform {
  readonly caller: number[]
  readonly agent: number[]
}

export interface RecordingTables {
  recordings: {
    readonly call: Fixed<CallId>
    /** The channel of the agent's phone; null, with `agent`: the file holds a whole call, as all older ones. */
    readonly leg: Fixed<ChannelId | null>
    readonly agent: Fixed<AgentId | null>
    readonly file: Fixed<string>
    readonly bytes: Fixed<number>
    readonly sha256: Fixed<string>
    readonly duration_ms: Fixed<number>
    readonly tracks: Fixed<Track[]>
    readonly spans: Json<RecordingSpan[]>
    readonly gaps: Json<RecordingGap[]>
    readonly waveform: Json<Waveform>
    readonly recorded_at: RecordedAt
  }
  /** Another file of a recording's audio, in place of the one that was sealed first. */
  recording_compressions: {
    readonly call: Fixed<CallId>
    readonly leg: Fixed<ChannelId | null>
    readonly file: Fixed<string>
    readonly bytes: Fixed<number>
    readonly sha256: Fixed<string>
    readonly recorded_at: RecordedAt
  }
  recording_losses: {
    readonly call: Fixed<CallId>
    /** Null: all audio of the call. */
    readonly leg: Fixed<ChannelId | null>
    readonly why: Fixed<string>
    readonly recorded_at: RecordedAt
  }
  hearings: {
    readonly id: GeneratedAlways<number>
    readonly call: Fixed<CallId>
    readonly account: Fixed<AgentId>
    readonly recorded_at: RecordedAt
  }
}
