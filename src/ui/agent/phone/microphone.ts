/**
 * The microphone, asked for once and kept: asking at each call would cost the caller the first word.
 * Without one the agent can still listen: a silent track keeps the sound going both ways.
 */
import type { Microphone } from './phone-state.ts'

const constraints: MediaStreamConstraints = {
  audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
}
/** A citizen is answered without a voice rather than kept waiting for the browser's question. */
const askedAtCallMs = 1_500
const askAgainAfterMs = 1_000
/** Tells of an open microphone that has ended. */
const endings = new EventTarget()

let kept: MediaStream | null = null
let opening: Promise<Microphone> | null = null
let closings = 0
let silence: { readonly context: AudioContext; readonly stream: MediaStream } | null = null
/** Tracks that say nothing because there was no microphone when they were made. */
const silentTracks = new WeakSet<MediaStreamTrack>()

/**
 * Opens the microphone, or says why there is none; waits as long as the browser asks. Asking again is
 * free while it is open, and while it is being asked for.
 */
export async function openMicrophone(): Promise<Microphone> {
  if (keptTrack() !== null) return 'granted'
  // Two at the same moment would leave one stream open that nobody knows.
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
    // The page gave its phone up while the browser was asking.
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
  // What we stop ourselves does not say so. Not at once: a device that ends each time must not keep us busy.
  for (const track of stream.getTracks())
    track.addEventListener('ended', () => {
      setTimeout(() => endings.dispatchEvent(new Event('ended')), askAgainAfterMs)
    })
}

function keptTrack(): MediaStreamTrack | null {
  return kept?.getAudioTracks().find((track) => track.readyState === 'live') ?? null
}

/** Browsers hide the whole interface on an insecure page, whatever the types say. */
function mediaDevices(): MediaDevices | null {
  return window.isSecureContext ? navigator.mediaDevices : null
}

/** A copy for one call (the call stops its tracks when it ends); silence when there is no microphone. */
export async function voiceForCall(): Promise<MediaStream> {
  await Promise.race([openMicrophone(), new Promise((resolve) => setTimeout(resolve, askedAtCallMs))])
  const track = keptTrack()
  if (track !== null) return new MediaStream([track.clone()])
  const stream = silentStream().clone()
  for (const silent of stream.getTracks()) silentTracks.add(silent)
  return stream
}

/**
 * What a call should send instead of `track`: a headset was pulled out, or there is a microphone now where
 * there was none. Null: nothing better is there.
 */
export async function betterVoice(track: MediaStreamTrack | null): Promise<MediaStreamTrack | null> {
  const ended = track === null || track.readyState === 'ended'
  if (!ended && !(silentTracks.has(track) && keptTrack() !== null)) return null
  return (await voiceForCall()).getAudioTracks()[0] ?? null
}

/**
 * Calls back when a headset is plugged in or pulled out, when the person changes what the page may do, and when
 * the device ends what was open (its driver, or the computer's sound service, has started again).
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
    // Not every browser tells.
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
    // A source of constant zero: a destination with no input at all sends no packets.
    const source = context.createConstantSource()
    source.offset.value = 0
    source.connect(destination)
    source.start()
    silence = { context, stream: destination.stream }
  }
  void silence.context.resume()
  return silence.stream
}
