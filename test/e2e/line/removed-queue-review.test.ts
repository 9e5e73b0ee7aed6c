/** The review of a draft says how many callers wait in a queue that it removes, and where they go. */
import t from 'tap'
import type { PublishedConfiguration } from '../../../src/http/configuration/wire.ts'
import { dateAt, daysLater } from '../../../src/core/local-time.ts'
import { Api } from '../../../tools/demo/api.ts'
import { openBrowser, openSignedIn } from '../../support/browser/browser.ts'
import { checkScreen } from '../../support/browser/screen.ts'
import { until } from '../../support/until.ts'
import { openTab, press } from '../city/configuration-steps.ts'
import { openScene } from '../scene.ts'

t.test('a queue with callers in it is removed', { timeout: 1_500_000 }, async (t) => {
  const scene = await openScene(t, { agents: 1 })
  const { newContext } = await openBrowser(t, null)
  const page = await openSignedIn(await newContext(), scene.linia.url, scene.linia.account('admin01'))
  const waiting = () => [...scene.view.calls.values()].filter(({ phase }) => phase === 'waiting').length
  const citizen = await scene.town.call({ callerId: '0722000981', patienceMs: 900_000 })
  await until(() => waiting() === 1)

  await page.goto(`${scene.linia.url}/configuration?tab=queues`)
  await page.locator('[data-item]').first().waitFor()
  await page.locator('[data-item="Informații generale"] button').click()
  await press(page, 'aside [data-action=remove]')
  await openTab(page, 'queues', 'ArrowLeft', 'numbers')
  for (const number of await page.locator('[data-item]').all()) {
    await number.getByRole('button').click()
    await page.locator('aside [data-field=queue]').selectOption({ index: 0 })
  }
  await page.locator('[data-action=review]').click()
  await page.locator('[data-removed-queues] [data-waiting="1"]').waitFor()
  await checkScreen(t, page, 'the review of a draft that removes a queue with a caller')
  citizen.hangUp()
  await citizen.ended
  await page.locator('[data-removed-queues] [data-waiting="0"]').waitFor()

  // Hours that open on one date only, which the draft takes away.
  const { id: basedOn, document } = await scene.board.get<PublishedConfiguration>('/api/configuration')
  const api = new Api(scene.linia.url)
  await api.signIn(scene.linia.account('admin01'))
  const dates = Array.from({ length: 62 }, (_, index) => ({
    date: daysLater(dateAt(Date.now()), index - 1),
    hours: index === 31 ? '08:00-16:00' : 'closed',
  }))
  const hours = [{ id: 'avarie', name: 'Avarie', weekly: 'always', holidays: 'open' as const, dates }]
  await api.ask('POST', '/api/configuration/versions', {
    document: { ...document, hours },
    basedOn,
    reason: 'avarie',
  })
  await page.reload()
  await page.locator('[data-late]').waitFor()
  await page.locator('[data-action=merge]').click()
  t.equal(await page.locator('[data-never-open]').count(), 0)
  await page.goto(`${scene.linia.url}/configuration?tab=hours`)
  await page.locator('[data-item="Avarie"] button').click()
  await page.locator(`aside fieldset[data-date="${dates[31]?.date}"] [data-action=remove-window]`).click()
  await page.locator('[data-action=review]').click()
  await page.locator('[data-never-open]').waitFor()
  await checkScreen(t, page, 'the review of hours that never open')
})
