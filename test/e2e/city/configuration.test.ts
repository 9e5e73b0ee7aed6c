/** The configuration of the line on the administrator's page: by keyboard, two at once, and back. */
import t from 'tap'
import type { PublishedConfiguration } from '../../../src/http/configuration/wire.ts'
import { Api } from '../../../tools/demo/api.ts'
import { openBrowser, openSignedIn } from '../../support/browser/browser.ts'
import { startLinia } from '../../support/stack.ts'
import { addByKeyboard, publishLate, readOnly, revert } from './configuration-steps.ts'

t.test('a person without a manual changes the line', { timeout: 1_500_000 }, async (t) => {
  const linia = await startLinia(t, { agents: 1 })
  const { newContext } = await openBrowser(t, null)
  const page = await openSignedIn(await newContext(), linia.url, linia.account('admin01'))
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  await page.locator('header nav a[href="/configuration"]').click()
  await page.locator('[data-item]').first().waitFor()
  const api = new Api(linia.url)
  await api.signIn(linia.account('admin01'))
  const inForce = () => api.get<PublishedConfiguration>('/api/configuration')
  const { document: before } = await inForce()

  await addByKeyboard(t, page)
  const added = await inForce()
  t.match(added, { reason: 'Urbanismul are numărul lui', by: linia.account('admin01').name })
  t.same(added.document.queues.slice(0, -1), before.queues)
  t.match(added.document.queues.at(-1), {
    id: 'urbanism',
    name: 'Urbanism',
    overflow: { to: before.queues.at(-1)?.id, whenNobodySignedIn: true, afterSeconds: 300 },
  })
  t.match(added.document.numbers.at(-1), {
    number: '0256408300',
    name: 'Urbanism',
    queue: 'urbanism',
    hours: 'program-de-iarna',
    answer: 'agent',
    closingGraceMinutes: 20,
  })
  t.match(added.document.hours.at(-1), {
    id: 'program-de-iarna',
    weekly: 'Mon-Fri 08:00-22:00, Sat 08:00-16:00',
    holidays: 'closed',
    dates: [
      { date: '2026-12-24', hours: '08:00-16:00', reason: 'Ajunul Crăciunului' },
      { date: '2026-12-31', hours: 'closed' },
    ],
  })

  await publishLate(t, page, async () => {
    const { id: basedOn, document } = await inForce()
    const numbers = document.numbers.map((one, index) => (index === 0 ? { ...one, name: 'Linia 969' } : one))
    const body = { document: { ...document, numbers }, basedOn, reason: 'Alt nume' }
    await api.ask('POST', '/api/configuration/versions', body)
  })
  const { document: both } = await inForce()
  t.equal(both.numbers[0]?.name, 'Linia 969', 'the other change is kept')
  t.equal(both.queues.at(-1)?.levelMin, 3)

  await revert(t, page)
  t.match(await inForce(), { reason: 'Înapoi', document: { queues: added.document.queues } })
  const supervisor = await openSignedIn(await newContext(), linia.url, linia.account('supervisor01'))
  supervisor.on('pageerror', (error) => errors.push(error.message))
  await readOnly(t, supervisor)
  t.same(errors, [])
})
