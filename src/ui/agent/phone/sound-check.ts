/** The silent sound test before the first "ready": verifies that sound comes back from Asterisk. */
import { dialEcho, endEcho, phone, phoneReaches } from './phone.ts'
import type { AudioFault, PhoneState, SoundCheck } from './phone-state.ts'

/** Half a second of sound is enough. */
const packetsEnough = 20
/** Bound on the browser's permission question, which the agent answers; the screen asks for it meanwhile. */
const askedWithinMs = 10_000
const answeredWithinMs = 4_000
/** Longer than the detection of a network fault (`foldAudio`). */
const heardWithinMs = 4_000

export async function checkSound(): Promise<SoundCheck> {
  const fault = await runTest()
  endEcho()
  const check = { at: Date.now(), fault }
  phone.set({ ...phone.get(), lastCheck: check })
  return check
}

async function runTest(): Promise<AudioFault | null> {
  if (!(await phoneReaches(({ microphone }) => microphone !== 'asking', askedWithinMs))) return 'microphone'
  return (await dialEcho('check')) ? verdict() : 'refused'
}

async function verdict(): Promise<AudioFault | null> {
  const up = await phoneReaches((state) => gone(state) || state.session?.phase === 'up', answeredWithinMs)
  if (!up || gone(phone.get())) return 'refused'
  const heard = await phoneReaches(
    (state) => gone(state) || state.audio.packetsReceived >= packetsEnough,
    heardWithinMs,
  )
  if (heard && phone.get().audio.packetsReceived >= packetsEnough)
    return phone.get().audio.fault === 'microphone' ? 'microphone' : null
  // A citizen's call replaced the test, which is neither a pass nor a fault.
  if (phone.get().session?.kind === 'incoming') return null
  return phone.get().audio.packetsReceived > 0 ? null : (phone.get().audio.fault ?? 'silent')
}

const gone = (state: PhoneState): boolean => state.session?.kind !== 'check'
