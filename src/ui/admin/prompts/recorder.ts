/** Records with the microphone, and makes of any sound that the browser knows a WAVE file for the server. */
import { musicBounds, promptSecondsMax } from '../../../core/prompts/prompt-sound.ts'
import { encodeWave } from '../../../core/prompts/wave.ts'

export const recordingFaults = [
  'denied',
  'none',
  'unsupported',
  'unreadable',
  'too-long',
  'replaced',
] as const
export type RecordingFault = (typeof recordingFaults)[number]

export class NotRecorded extends Error {
  override name = 'NotRecorded'
  readonly fault: RecordingFault
  constructor(fault: RecordingFault) {
    super(fault)
    this.fault = fault
  }
}

/** The silence around the sentence is cut off by the server. */
export const recordingSecondsMax = promptSecondsMax + 15

export interface UploadBounds {
  readonly rate: number
  readonly secondsMax: number
}

/** A phone needs half of it; twice the phone's keeps the resampling clean. */
export const voiceUpload: UploadBounds = { rate: 16_000, secondsMax: recordingSecondsMax + 1 }
/** Four minutes fit into one upload, with a margin for the resampling. */
export const musicUpload: UploadBounds = { rate: 12_000, secondsMax: musicBounds.secondsMax + 5 }

export interface Recorder {
  /** The loudest moment since it was last asked for, 0–1 of full scale. */
  readonly level: () => number
  /** The recording as the server takes it. */
  readonly stop: () => Promise<Blob>
  /** Without a recording. */
  readonly cancel: () => void
}

/** @throws NotRecorded */
export async function startRecording(): Promise<Recorder> {
  const stream = await microphone()
  try {
    return recorderOf(stream)
  } catch {
    closeMicrophone(stream)
    throw new NotRecorded('unsupported')
  }
}

function closeMicrophone(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop()
}

function recorderOf(stream: MediaStream): Recorder {
  const context = new AudioContext()
  const analyser = context.createAnalyser()
  context.createMediaStreamSource(stream).connect(analyser)
  const samples = new Float32Array(analyser.fftSize)
  const recorder = new MediaRecorder(stream)
  const pieces: Blob[] = []
  recorder.addEventListener('dataavailable', ({ data }) => pieces.push(data))
  const stopped = new Promise<void>((resolve) => {
    recorder.addEventListener('stop', () => resolve())
  })
  recorder.start()
  const close = (): void => {
    if (recorder.state !== 'inactive') recorder.stop()
    closeMicrophone(stream)
    if (context.state !== 'closed') void context.close()
  }
  return {
    level: () => {
      analyser.getFloatTimeDomainData(samples)
      return samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0)
    },
    stop: async () => {
      close()
      await stopped
      return waveOf(new Blob(pieces), voiceUpload)
    },
    cancel: close,
  }
}

async function microphone(): Promise<MediaStream> {
  // Browsers hide the whole interface on an insecure page, although the types do not say so.
  const isAble = window.isSecureContext && 'MediaRecorder' in window
  if (!isAble) throw new NotRecorded('unsupported')
  try {
    // The server brings the level to that of the other prompts; a control of the gain would pump.
    const audio = { echoCancellation: false, noiseSuppression: true, autoGainControl: false }
    return await navigator.mediaDevices.getUserMedia({ audio })
  } catch (error) {
    const isDenied = error instanceof DOMException && error.name === 'NotAllowedError'
    throw new NotRecorded(isDenied ? 'denied' : 'none')
  }
}

/** One channel. @throws NotRecorded */
export async function waveOf(sound: Blob, { rate, secondsMax }: UploadBounds): Promise<Blob> {
  // An hour of MP3 is small; decoded it would fill the page's memory.
  if ((await lengthOf(sound)) > secondsMax) throw new NotRecorded('too-long')
  const decoded = await decodedOf(sound)
  if (decoded.duration > secondsMax) throw new NotRecorded('too-long')
  const offline = new OfflineAudioContext(1, Math.max(1, Math.ceil(decoded.duration * rate)), rate)
  const source = offline.createBufferSource()
  source.buffer = decoded
  source.connect(offline.destination)
  source.start()
  const samples = (await offline.startRendering()).getChannelData(0)
  const words = Int16Array.from(samples, (sample) => Math.round(Math.max(-1, Math.min(1, sample)) * 32_767))
  return new Blob([encodeWave(words, rate)], { type: 'audio/wav' })
}

const metadataMs = 5_000

/** In seconds, as the file tells it; 0: it does not. */
function lengthOf(sound: Blob): Promise<number> {
  return new Promise((resolve) => {
    const audio = new Audio()
    const url = URL.createObjectURL(sound)
    const done = (seconds: number): void => {
      clearTimeout(timer)
      resolve(seconds)
      audio.removeAttribute('src')
      URL.revokeObjectURL(url)
    }
    const timer = setTimeout(() => done(0), metadataMs)
    audio.addEventListener('loadedmetadata', () => done(Number.isFinite(audio.duration) ? audio.duration : 0))
    audio.addEventListener('error', () => done(0))
    audio.preload = 'metadata'
    audio.src = url
  })
}

/** Four minutes of studio quality; a longer file would fill the page's memory once it is decoded. */
const fileBytesMax = 150_000_000

async function decodedOf(sound: Blob): Promise<AudioBuffer> {
  if (sound.size > fileBytesMax) throw new NotRecorded('too-long')
  const context = new OfflineAudioContext(1, 1, 48_000)
  try {
    return await context.decodeAudioData(await sound.arrayBuffer())
  } catch {
    throw new NotRecorded('unreadable')
  }
}
