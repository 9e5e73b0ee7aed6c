/** What the phone in the page is doing, for the screens and for tests that listen to it. */

export type Registration = 'off' | 'connecting' | 'registered' | 'failed'
/** `none`: no device; `unsupported`: the page is not served securely, so no browser would give one. */
export type Microphone = 'asking' | 'granted' | 'denied' | 'none' | 'unsupported'
export type AudioFault = 'network' | 'silent' | 'refused' | 'microphone'

export interface PhoneSession {
  /** `echo` is the audible sound test, `check` the silent one before the first "ready". */
  readonly kind: 'incoming' | 'echo' | 'check'
  readonly phase: 'ringing' | 'answering' | 'up'
  /** The caller as the INVITE names him; the live feed knows better and wins. */
  readonly from: string
  /** The offer that the INVITE belongs to, when it says so. */
  readonly offerId: string | null
  /** The INVITE itself asks to be picked up at once. */
  readonly autoAnswer: boolean
}

export interface AudioFacts {
  readonly packetsReceived: number
  readonly packetsSent: number
  /** 0–1: what is heard, what the microphone gives. */
  readonly heard: number
  readonly spoken: number
  /** How long nothing has arrived, while something should. */
  readonly silentMs: number
  /** How long nothing has gone out, muted or not: the microphone gives nothing. */
  readonly unspokenMs: number
  readonly fault: AudioFault | null
}

export interface SoundCheck {
  readonly at: number
  readonly fault: AudioFault | null
}

export interface PhoneState {
  readonly registration: Registration
  readonly microphone: Microphone
  readonly session: PhoneSession | null
  readonly audio: AudioFacts
  readonly muted: boolean
  /** The browser refuses to play until a key or button is pressed in this page. */
  readonly playbackBlocked: boolean
  readonly lastCheck: SoundCheck | null
  /** The exchange has not taken the last sound test that the agent asked for. */
  readonly testRefused: boolean
}

export const noAudio: AudioFacts = {
  packetsReceived: 0,
  packetsSent: 0,
  heard: 0,
  spoken: 0,
  silentMs: 0,
  unspokenMs: 0,
  fault: null,
}

export const idlePhone: PhoneState = {
  registration: 'off',
  microphone: 'asking',
  session: null,
  audio: noAudio,
  muted: false,
  playbackBlocked: false,
  lastCheck: null,
  testRefused: false,
}
