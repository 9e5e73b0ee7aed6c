/** A scene whose provider has a far end: a test phone that gets every call to a citizen or a contact. */
import { randomInt } from 'node:crypto'
import type { Test } from 'tap'
import type { Page } from 'playwright-core'
import type { Talk } from '../../../tools/demo/phone/call.ts'
import { farEnd } from '../../../tools/demo/phone/far-end.ts'
import { waitForState } from '../../support/browser/browser.ts'
import { tone } from '../../support/sip/audio.ts'
import { openTestPhone, type TestPhone } from '../../support/sip/desk-phone.ts'
import type { LiniaOptions } from '../../support/stack.ts'
import { citizenTone } from '../desk-steps.ts'
import { openScene, type Scene } from '../scene.ts'

export async function openSceneWithOutside(
  t: Test,
  overrides: Readonly<Record<string, string>>,
  options: Pick<LiniaOptions, 'onChange'> = {},
): Promise<{ readonly scene: Scene; readonly outside: TestPhone }> {
  // Of this test alone: the port of a provider is fixed.
  const host = `127.${randomInt(130, 250)}.${randomInt(256)}.9`
  const scene = await openScene(t, { ...options, overrides: { TRUNK_HOSTS: host, ...overrides } })
  const outside = await openTestPhone(t, farEnd(host, scene.linia.sip))
  return { scene, outside }
}

/** The desk is offered a callback and takes it; the citizen's phone rings and is answered. */
export async function callsBack(desk: Page, outside: TestPhone): Promise<Talk> {
  await waitForState(desk, 'ringing')
  await desk.locator('[data-callback]').waitFor()
  await desk.locator('[data-session="incoming ringing"]').waitFor()
  await desk.keyboard.press('F8')
  const answered = await (await outside.nextRing()).answer(tone(citizenTone))
  await waitForState(desk, 'talking')
  return answered
}
