/** Callers who cancel at critical moments: each call has a defined end and a row. */
import { setTimeout as delay } from 'node:timers/promises'
import type { Test } from 'tap'
import { openRawCaller } from '../../support/sip/raw-caller.ts'
import { until } from '../../support/until.ts'
import { onRecord } from '../on-record.ts'
import { openScene, type Scene } from '../scene.ts'

/** Milliseconds from the first response to the CANCEL: before, during and after each step of the arrival. */
const momentsMs = [0, 1, 2, 3, 5, 8, 12, 20, 40, 80, 150] as const

const ended = async (scene: Scene) => (await onRecord(scene)).filter(({ outcome }) => outcome !== null)

export async function cancelAtEveryMoment(t: Test, answer: 'queue' | 'agent'): Promise<void> {
  const scene = await openScene(t, { overrides: { ANSWER: answer } })
  const deskAgent = await scene.deskAgent('agent01')
  const caller = await openRawCaller(t, scene.linia.sip)
  for (const ms of momentsMs) {
    const call = caller.invite({ from: `<sip:07220001${String(ms).padStart(2, '0')}@test>` })
    await call.heardOf
    if (ms > 0) await delay(ms)
    call.cancel()
    const status = await call.final
    // The answer was faster than the CANCEL: hang up instead.
    if (status === 200) call.bye()
    t.ok([200, 487].includes(status), `${ms} ms: ${call.statuses.join(' ')}`)
    await until(() => scene.view.calls.size === 0)
  }
  await until(() => scene.view.agents.get(deskAgent.id)?.state === 'ready')
  t.ok(deskAgent.phone.rings.length <= momentsMs.length, 'no phone rings twice for one call')
  // Calls that the server never saw are imported from CEL after a delay.
  await until(async () => (await ended(scene)).length === momentsMs.length)
  t.same(
    new Set((await onRecord(scene)).map(({ outcome }) => outcome)),
    new Set(['abandoned']),
    'each call is recorded',
  )
}
