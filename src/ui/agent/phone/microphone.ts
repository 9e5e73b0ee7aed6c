/**
 * The microphone, asked for once and kept: asking at each call would cost the caller the first word.
 * Without one the agent can still listen: a silent track keeps the sound going both ways.
 */
import type { Microphone } from './phone-state.ts'

const constraints: MediaStreamConstraints = {
  audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
}

let kept: MediaStream | null = null
let silence: { readonly context: AudioContext; readonly stream: MediaStream } | null = null

/** Opens the microphone, or says why there is none. Asking again is free while it is open. */
export async function openMicrophone(): Promise<Microphone> {
  if (kept !== null && kept.getAudioTracks().some((track) => track.readyState === 'live')) return 'granted'
  const devices = mediaDevices()
  if (devices === null) return 'unsupported'
  try {
    kept = await devices.getUserMedia(constraints)
    return 'granted'
  } catch (error) {
    kept = null
    return error instanceof DOMException && error.name === 'NotAllowedError' ? 'denied' : 'none'
  }
}

/** Browsers hide the whole interface on an insecure page, whatever the types say. */
function mediaDevices(): MediaDevices | null {
  return window.isSecureContext ? navigator.mediaDevices : null
}

/** A copy for one call (the call stops its tracks when it ends); silence when there is no microphone. */
export async function voiceForCall(): Promise<MediaStream> {
  await openMicrophone()
  return (kept ?? silentStream()).clone()
}

/** Calls back when a headset is plugged in or pulled out. */
export function onDevicesChanged(listener: () => void): () => void {
  const devices = mediaDevices()
  devices?.addEventListener('devicechange', listener)
  return () => devices?.removeEventListener('devicechange', listener)
}

export function closeMicrophone(): void {
  for (const track of kept?.getTracks() ?? []) track.stop()
  kept = null
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
