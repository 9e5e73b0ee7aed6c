/** Callers who cancel at critical moments: each call has a defined end. */
import { setTimeout as delay } from 'node:timers/promises'
import type { Test } from 'tap'
import type { RawCaller } from '../../support/sip/raw-caller.ts'
import { until } from '../../support/until.ts'
import type { DeskAgent, Scene } from '../scene.ts'

/** Milliseconds from the first response to the CANCEL: before, during and after each step of the arrival. */
const momentsMs = [0, 1, 2, 3, 5, 8, 12, 20, 40, 80, 150] as const

interface Cancelling {
  readonly scene: Scene
  /** Ready. */
  readonly agent: DeskAgent
  readonly caller: RawCaller
  readonly number: string
}

/** Answers the callers' numbers. */
export async function cancelAtEveryMoment(
  t: Test,
  { scene, agent, caller, number }: Cancelling,
): Promise<readonly string[]> {
  const rings = agent.phone.rings.length
  const callers = momentsMs.map((_, index) => `07220${number.slice(-3)}${String(index).padStart(2, '0')}`)
  for (const [index, ms] of momentsMs.entries()) {
    const call = caller.invite({ number, from: `<sip:${callers[index]}@test>` })
    await call.heardOf
    if (ms > 0) await delay(ms)
    call.cancel()
    const status = await call.final
    // The answer was faster than the CANCEL: hang up instead.
    if (status === 200) call.bye()
    t.ok([200, 487].includes(status), `${ms} ms: ${call.statuses.join(' ')}`)
    await until(() => scene.view.calls.size === 0)
  }
  await until(() => scene.view.agents.get(agent.id)?.state === 'ready')
  t.ok(agent.phone.rings.length - rings <= momentsMs.length, 'no phone rings twice for one call')
  return callers
}
