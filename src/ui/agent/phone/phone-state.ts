/** The state of the phone in the page, for the screens and for tests. */

export type Registration = 'off' | 'connecting' | 'registered' | 'failed'
/** `none`: no device; `unsupported`: the page is not served securely, so browsers offer no microphone. */
export type Microphone = 'asking' | 'granted' | 'denied' | 'none' | 'unsupported'
export type AudioFault = 'network' | 'silent' | 'refused' | 'microphone'

export interface PhoneSession {
  /** `echo` is the audible sound test, `check` the silent one before the first "ready". */
  readonly kind: 'incoming' | 'echo' | 'check'
  readonly phase: 'ringing' | 'answering' | 'up'
  /** The caller's number from the INVITE; the live feed has priority. */
  readonly from: string
  /** The offer that the INVITE belongs to, if it has the header. */
  readonly offerId: string | null
  /** The INVITE asks for automatic answering. */
  readonly autoAnswer: boolean
}

export interface AudioFacts {
  readonly packetsReceived: number
  readonly packetsSent: number
  /** Levels (0–1) of the incoming sound and of the microphone. */
  readonly heard: number
  readonly spoken: number
  /** How long no packet has arrived. */
  readonly silentMs: number
  /** How long no packet of a live microphone has been sent, muted or not. */
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
  /** The browser blocks playback until a key or button is pressed in this page. */
  readonly playbackBlocked: boolean
  readonly lastCheck: SoundCheck | null
  /** Asterisk did not accept the last sound test that the agent asked for. */
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
