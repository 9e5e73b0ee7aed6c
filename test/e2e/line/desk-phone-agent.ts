/** A scene in which agent01 works with a real desk phone (baresip) and the page of the desk. */
import type { Test } from 'tap'
import type { Page } from 'playwright-core'
import { Api } from '../../../tools/demo/api.ts'
import { bursts, openBrowser, openSignedIn, waitForState } from '../../support/browser/browser.ts'
import { openBaresip, type Baresip } from '../../support/sip/baresip.ts'
import { until } from '../../support/until.ts'
import { openScene, type Scene } from '../scene.ts'

export interface DeskPhoneAgent {
  readonly scene: Scene
  readonly api: Api
  /** As on boards. */
  readonly name: string
  readonly phone: Baresip
  /** Rings on the desk phone alone. */
  readonly desk: Page
}

/** Ready for calls; the phone plays the tone. */
export async function openDeskPhoneAgent(t: Test, hertz: number): Promise<DeskPhoneAgent> {
  const scene = await openScene(t, {
    agents: 3,
    overrides: { WRAP_UP_MS: '60000', RING_TIMEOUT_MS: '60000' },
  })
  const account = scene.linia.account('agent01')
  if (account.phone === undefined) throw new Error('agent01 has no desk phone')
  const api = new Api(scene.linia.url)
  const { id, name } = await api.signIn(account)
  const phone = await openBaresip(t, { server: scene.linia.sip, ...account.phone, hertz })
  await until(() => scene.view.agents.get(id)?.phones.desk === true)
  await api.ask('PUT', '/api/me/device', { device: 'desk' })
  const { newContext } = await openBrowser(t, bursts(hertz))
  const desk = await openSignedIn(await newContext(), scene.linia.url, account)
  await api.setState({ state: 'ready' })
  await waitForState(desk, 'ready')
  return { scene, api, name, phone, desk }
}

/** Picks up the next ring by the phone's key. */
export async function pickUpByKey({ phone }: Pick<DeskPhoneAgent, 'phone'>): Promise<void> {
  await phone.next('CALL_INCOMING')
  await phone.press('accept')
  await phone.next('CALL_ESTABLISHED')
}
