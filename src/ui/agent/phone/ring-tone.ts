/** The ring tone, synthesised in the browser: two soft tones, no file to load. */

const ringSeconds = 0.9
const everyMs = 3_000

let context: AudioContext | null = null
let ringing: ReturnType<typeof setInterval> | undefined

export function startRinging(): void {
  if (ringing !== undefined) return
  context ??= new AudioContext()
  // Suspended until the first key or click in this page; until then title and notification announce the call.
  void context.resume()
  ringOnce(context)
  ringing = setInterval(() => context !== null && ringOnce(context), everyMs)
}

export function stopRinging(): void {
  clearInterval(ringing)
  ringing = undefined
}

/** Once, lower than the ring: not to be taken for a call. */
export function remind(): void {
  context ??= new AudioContext()
  void context.resume()
  sound(context, [392, 392])
}

const ringOnce = (audio: AudioContext): void => sound(audio, [523.25, 659.25])

function sound(audio: AudioContext, tones: readonly number[]): void {
  const start = audio.currentTime
  for (const [index, hertz] of tones.entries()) {
    const from = start + index * 0.18
    const tone = audio.createOscillator()
    const volume = audio.createGain()
    tone.frequency.value = hertz
    volume.gain.setValueAtTime(0, from)
    volume.gain.linearRampToValueAtTime(0.18, from + 0.03)
    volume.gain.exponentialRampToValueAtTime(0.001, from + ringSeconds)
    tone.connect(volume).connect(audio.destination)
    tone.start(from)
    tone.stop(from + ringSeconds)
  }
}
