/** WebRTC's statistics about the sound of one call. */
import type { AudioFacts, AudioFault } from './phone-state.ts'

export interface AudioSample {
  readonly packetsReceived: number
  readonly packetsSent: number
  readonly heard: number
  readonly spoken: number
  readonly ice: RTCIceConnectionState
  /** The state of the outgoing track; `mute` is a device that delivers nothing at the moment. */
  readonly voice: 'live' | 'mute' | 'ended'
}

/** Missing sound is reported to the agent after this time. */
const faultAfterMs = 3_000

export async function sampleAudio(
  connection: RTCPeerConnection,
  voice: MediaStreamTrack | null,
): Promise<AudioSample> {
  let packetsReceived = 0
  let packetsSent = 0
  let heard = 0
  let spoken = 0
  const report = await connection.getStats()
  report.forEach((entry: RTCStats & Record<string, unknown>) => {
    if (entry.type === 'inbound-rtp') {
      packetsReceived += numberAt(entry, 'packetsReceived')
      heard = Math.max(heard, numberAt(entry, 'audioLevel'))
    } else if (entry.type === 'outbound-rtp') packetsSent += numberAt(entry, 'packetsSent')
    else if (entry.type === 'media-source') spoken = Math.max(spoken, numberAt(entry, 'audioLevel'))
  })
  return {
    packetsReceived,
    packetsSent,
    heard,
    spoken,
    ice: connection.iceConnectionState,
    voice: stateOf(voice),
  }
}

function stateOf(voice: MediaStreamTrack | null): AudioSample['voice'] {
  if (voice === null || voice.readyState === 'ended') return 'ended'
  return voice.muted ? 'mute' : 'live'
}

function numberAt(entry: Record<string, unknown>, name: string): number {
  const value = entry[name]
  return typeof value === 'number' ? value : 0
}

/** Folds one sample into the facts that the screen shows. `sincePreviousMs`: time since the previous sample. */
export function foldAudio(before: AudioFacts, sample: AudioSample, sincePreviousMs: number): AudioFacts {
  const arrived = sample.packetsReceived > before.packetsReceived
  const left = sample.packetsSent > before.packetsSent && sample.voice === 'live'
  const silentMs = arrived ? 0 : before.silentMs + sincePreviousMs
  const unspokenMs = left ? 0 : before.unspokenMs + sincePreviousMs
  return {
    packetsReceived: sample.packetsReceived,
    packetsSent: sample.packetsSent,
    heard: sample.heard,
    spoken: sample.spoken,
    silentMs,
    unspokenMs,
    fault: faultOf(sample, silentMs, unspokenMs),
  }
}

/** Missing incoming sound is checked first: if the network is down, outgoing packets stop as well. */
function faultOf(sample: AudioSample, silentMs: number, unspokenMs: number): AudioFault | null {
  if (silentMs >= faultAfterMs)
    return sample.ice === 'connected' || sample.ice === 'completed' ? 'silent' : 'network'
  // An ended track never recovers.
  return sample.voice === 'ended' || unspokenMs >= faultAfterMs ? 'microphone' : null
}
