/**
 * The microphone is opened once and kept: opening it for each call would cost the caller the first word.
 * Without one the agent can still listen, and a silent track keeps the media flowing both ways.
 */
import type { Microphone } from './phone-state.ts'

const constraints: MediaStreamConstraints = {
  audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
}
/**
 * Bound on the browser's permission question when a call is answered; after it the call starts with silence.
 */
const askedAtCallMs = 1_500
const askAgainAfterMs = 1_000
/** Emits `ended` when an open microphone has ended. */
const endings = new EventTarget()

let kept: MediaStream | null = null
let opening: Promise<Microphone> | null = null
let closings = 0
let silence: { readonly context: AudioContext; readonly stream: MediaStream } | null = null
/** Tracks that carry silence because there was no microphone when they were made. */
const silentTracks = new WeakSet<MediaStreamTrack>()

/**
 * Opens the microphone, or returns the reason why there is none; waits as long as the browser asks for
 * permission. Repeated calls are free while it is open or being opened.
 */
export async function openMicrophone(): Promise<Microphone> {
  if (keptTrack() !== null) return 'granted'
  // Two concurrent requests would leave one stream open that nothing closes.
  opening ??= ask().finally(() => {
    opening = null
  })
  return opening
}

async function ask(): Promise<Microphone> {
  const devices = mediaDevices()
  if (devices === null) return 'unsupported'
  const before = closings
  try {
    const stream = await devices.getUserMedia(constraints)
    // The page released its phone while the browser was asking.
    if (before !== closings) stop(stream)
    else keep(stream)
    return 'granted'
  } catch (error) {
    kept = null
    return error instanceof DOMException && error.name === 'NotAllowedError' ? 'denied' : 'none'
  }
}

function keep(stream: MediaStream): void {
  kept = stream
  // `stop()` does not emit `ended`. The delay keeps a device that ends each time from looping.
  for (const track of stream.getTracks())
    track.addEventListener('ended', () => {
      setTimeout(() => endings.dispatchEvent(new Event('ended')), askAgainAfterMs)
    })
}

function keptTrack(): MediaStreamTrack | null {
  return kept?.getAudioTracks().find((track) => track.readyState === 'live') ?? null
}

/** Browsers hide the whole interface on an insecure page, although the types do not say so. */
function mediaDevices(): MediaDevices | null {
  return window.isSecureContext ? navigator.mediaDevices : null
}

/** A copy for one call, which stops its tracks at the end; silence when there is no microphone. */
export async function voiceForCall(): Promise<MediaStream> {
  await Promise.race([openMicrophone(), new Promise((resolve) => setTimeout(resolve, askedAtCallMs))])
  const track = keptTrack()
  if (track !== null) return new MediaStream([track.clone()])
  const stream = silentStream().clone()
  for (const silent of stream.getTracks()) silentTracks.add(silent)
  return stream
}

/**
 * The track that a call should send instead of `track`, when a headset was unplugged or a microphone has
 * appeared. Null: there is nothing better.
 */
export async function betterVoice(track: MediaStreamTrack | null): Promise<MediaStreamTrack | null> {
  const ended = track === null || track.readyState === 'ended'
  if (!ended && !(silentTracks.has(track) && keptTrack() !== null)) return null
  return (await voiceForCall()).getAudioTracks()[0] ?? null
}

/**
 * Calls back when a headset is plugged in or out, when the permission changes, and when the open device ends
 * (its driver or the computer's sound service was restarted).
 */
export function onMicrophoneChanged(listener: () => void): () => void {
  const gone = new AbortController()
  const { signal } = gone
  mediaDevices()?.addEventListener('devicechange', listener, { signal })
  endings.addEventListener('ended', listener, { signal })
  void onPermissionChanged(listener, signal)
  return () => gone.abort()
}

async function onPermissionChanged(listener: () => void, signal: AbortSignal): Promise<void> {
  try {
    const status = await navigator.permissions.query({ name: 'microphone' })
    if (!signal.aborted) status.addEventListener('change', listener, { signal })
  } catch {
    // Not every browser supports this query.
  }
}

export function closeMicrophone(): void {
  closings += 1
  if (kept !== null) stop(kept)
  kept = null
}

function stop(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop()
}

function silentStream(): MediaStream {
  if (silence === null) {
    const context = new AudioContext()
    const destination = context.createMediaStreamDestination()
    // A source of constant zero, because a destination without any input sends no packets.
    const source = context.createConstantSource()
    source.offset.value = 0
    source.connect(destination)
    source.start()
    silence = { context, stream: destination.stream }
  }
  void silence.context.resume()
  return silence.stream
}
