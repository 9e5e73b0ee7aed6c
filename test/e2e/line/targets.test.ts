/** A target that is published judges the callers who wait at once, and the calls that come from then on. */
import t from 'tap'
import type { TargetSetting } from '../../../src/core/configuration/schema.ts'
import type { PublishedConfiguration } from '../../../src/http/configuration/wire.ts'
import { Api } from '../../../tools/demo/api.ts'
import { openBrowser, openSignedIn } from '../../support/browser/browser.ts'
import { checkScreen } from '../../support/browser/screen.ts'
import { tone } from '../../support/sip/audio.ts'
import { until } from '../../support/until.ts'
import { openTab, press, tabTo, type } from '../city/configuration-steps.ts'
import { openScene } from '../scene.ts'

t.test('the target of a queue, from its page to the board', { timeout: 1_500_000 }, async (t) => {
  const scene = await openScene(t, { agents: 1, overrides: { SERVICE_LEVEL_MS: '1000' } })
  const { linia } = scene
  const { newContext } = await openBrowser(t, null)
  const page = await openSignedIn(await newContext(), linia.url, linia.account('admin01'))
  const board = await openSignedIn(await newContext(), linia.url, linia.account('supervisor01'))
  const errors: string[] = []
  for (const one of [page, board]) one.on('pageerror', (error) => errors.push(error.message))
  const api = new Api(linia.url)
  await api.signIn(linia.account('admin01'))
  const publish = async (target: TargetSetting): Promise<void> => {
    const { id: basedOn, document } = await api.get<PublishedConfiguration>('/api/configuration')
    const queues = document.queues.map((queue) => (queue.id === 'general' ? { ...queue, target } : queue))
    await api.ask('POST', '/api/configuration/versions', {
      document: { ...document, queues },
      basedOn,
      reason: 'probă',
    })
  }
  const answeredWithin = board.locator('[data-figures=answeredWithin] td').last()
  t.equal(await board.locator('[data-target]').count(), 0, 'without a target of its own nothing is printed')

  await t.test('an administrator sets it by keyboard', async (t) => {
    await page.locator('header nav a[href="/configuration"]').click()
    await page.locator('[data-item]').first().waitFor()
    await openTab(page, 'numbers', 'ArrowRight', 'queues')
    await press(page, 'aside [data-field=hasTarget]', 'Space')
    await type(page, 'aside [data-field=percent]', '90')
    await type(page, 'aside [data-field=withinSeconds]', '600')
    await checkScreen(t, page, 'configuration, target of a queue')
    await tabTo(page, '[data-action=review]', true)
    await page.keyboard.press('Enter')
    await page.locator('[data-changes="own 1"]').waitFor()
    t.match(await page.locator('[data-changes="own 1"]').textContent(), /90 % în 600 s/)
    await type(page, '[data-field=reason]', 'Ținta noastră')
    await page.keyboard.press('Enter')
    await page.locator('[data-draft="0"]').waitFor()
    await board.locator('[data-target=general]', { hasText: 'în 600 s' }).waitFor()
  })

  await t.test(
    'a caller who waits is judged by it, and by the next one as soon as it is published',
    async (t) => {
      const citizen = await scene.town.call({ callerId: '0722000991', speech: tone(800) })
      const wait = board.locator('[data-breach]')
      await wait.waitFor()
      await until(() => {
        const [call] = [...scene.view.calls.values()]
        return call?.queuedAt != null && Date.now() - Date.parse(call.queuedAt) > 3_000
      })
      t.equal(await wait.getAttribute('data-breach'), 'false', 'the setting alone would be over')
      await checkScreen(t, board, 'board, target of a queue')
      const agent = await scene.deskAgent('agent01', { ready: false })
      await publish({ percent: 90, withinSeconds: 1 })
      await board.locator('[data-breach=true]').waitFor()
      await board.locator('[data-target=general]', { hasText: 'în 1 s' }).waitFor()
      await agent.api.setState({ state: 'ready' })
      const talk = await agent.phone.answerNext(tone(600))
      await until(() => [...scene.view.calls.values()].some(({ phase }) => phase === 'talking'))
      talk.hangUp()
      await citizen.ended
      await answeredWithin.filter({ hasText: /^1$/ }).waitFor()
      t.pass('it entered the queue under the longer target')
      await board.goto(`${linia.url}/board/wall`)
      await board.locator('[data-queue=general]', { hasText: 'în 1 s' }).waitFor()
      await checkScreen(t, board, 'wallboard, target of a queue')
    },
  )
  t.same(errors, [])
})
