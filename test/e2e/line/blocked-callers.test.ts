/** A supervisor blocks a caller, by keyboard alone: no agent hears them until the block is ended, also without PostgreSQL. */
import t from 'tap'
import { bursts, openBrowser, openSignedIn } from '../../support/browser/browser.ts'
import { checkScreen } from '../../support/browser/screen.ts'
import { tone } from '../../support/sip/audio.ts'
import { until } from '../../support/until.ts'
import { inForce } from '../in-force.ts'
import { openScene, transitions } from '../scene.ts'

const number = '0722000961'

t.test('a blocked caller', { timeout: 1_500_000 }, async (t) => {
  const scene = await openScene(t, { agents: 1, ownDatabase: true })
  const { phone } = await scene.deskAgent('agent01')
  const { newContext } = await openBrowser(t, bursts(600))
  const page = await openSignedIn(await newContext(), scene.linia.url, scene.linia.account('supervisor01'))
  const goTo = (path: string) => page.goto(`${scene.linia.url}${path}`)

  async function serve(): Promise<string> {
    const citizen = await scene.town.call({ callerId: number, speech: tone(800) })
    const talk = await phone.answerNext(tone(600))
    await until(() => [...scene.view.calls.values()].some(({ phase }) => phase === 'talking'))
    talk.hangUp()
    await citizen.ended
    return (await scene.record(number, ({ outcome }) => outcome === 'answered')).id
  }
  async function turnedAway(): Promise<void> {
    const rings = phone.rings.length
    const citizen = await scene.town.call({ callerId: number, patienceMs: 30_000 })
    // The dialplan has answered the call before it hands it over.
    t.match(await citizen.ended, { ending: 'line hung up' })
    t.equal(phone.rings.length, rings, 'no phone has rung')
  }
  /** The names of the elements that Tab reaches, until one has this action. */
  async function tabTo(action: string): Promise<void> {
    for (let presses = 0; presses < 40; presses += 1) {
      await page.keyboard.press('Tab')
      if ((await page.evaluate(() => document.activeElement?.getAttribute('data-action'))) === action) return
    }
    throw new Error(`Tab does not reach ${action}`)
  }

  await t.test('is blocked on the page of their call', async (t) => {
    await goTo(`/calls/${await serve()}`)
    await page.locator('[data-action=block-number]').waitFor()
    await tabTo('block-number')
    await page.keyboard.press('Enter')
    await page.locator('[data-block-form] input:focus').waitFor()
    await checkScreen(t, page, 'the question before a number is blocked')
    await page.keyboard.insertText('amenințări repetate')
    await page.keyboard.press('Enter')
    await page.getByText('Numărul este blocat.').waitFor()
    await inForce(scene.linia)
    await turnedAway()
    const call = await scene.record(number, ({ outcome }) => outcome === 'rejected')
    t.match(call, { outcome: 'rejected', queuedAt: null, agent: null })
    t.strictSame(transitions(call), ['CallArrived'])
    await goTo(`/calls/${call.id}`)
    await page.locator('[data-block]').waitFor()
    t.match(await page.locator('[data-block]').textContent(), /amenințări repetate/)
    await page.getByText('A sunat la 969 (număr blocat, respins)').waitFor()
    await checkScreen(t, page, 'the page of a blocked call')
  })

  await t.test('stays blocked while PostgreSQL is away', async () => {
    const postgres = scene.linia.stack.parts.get('postgres')
    await postgres?.stop()
    await turnedAway()
    await postgres?.start()
  })

  await t.test('is served once the block is ended', async (t) => {
    await goTo('/blocked-callers')
    await page.locator('[data-block]').waitFor()
    t.match(await page.locator('[data-block]').textContent(), /0722 000 961.*amenințări repetate/)
    await checkScreen(t, page, 'the list of blocked callers')
    await tabTo('unblock-number')
    await page.keyboard.press('Enter')
    await page.locator('[data-block]').waitFor({ state: 'detached' })
    await inForce(scene.linia)
    t.equal(await page.evaluate(() => document.activeElement?.tagName), 'H1')
    await checkScreen(t, page, 'no blocked callers')
    await serve()
    t.match(await scene.record(number), { outcome: 'answered' })
  })
})
