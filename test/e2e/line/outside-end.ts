/** A scene whose provider has a far end: a test phone that gets every call to a citizen or a contact. */
import { randomInt } from 'node:crypto'
import type { Test } from 'tap'
import { farEnd } from '../../../tools/demo/phone/far-end.ts'
import { openTestPhone, type TestPhone } from '../../support/sip/desk-phone.ts'
import { openScene, type Scene } from '../scene.ts'

export async function openSceneWithOutside(
  t: Test,
  overrides: Readonly<Record<string, string>>,
): Promise<{ readonly scene: Scene; readonly outside: TestPhone }> {
  // Of this test alone: the port of a provider is fixed.
  const host = `127.${randomInt(130, 250)}.${randomInt(256)}.9`
  const scene = await openScene(t, { overrides: { TRUNK_HOSTS: host, ...overrides } })
  const outside = await openTestPhone(t, farEnd(host, scene.linia.sip))
  return { scene, outside }
}
