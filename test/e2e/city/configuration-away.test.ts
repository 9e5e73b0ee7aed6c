/** The configuration of the line is published while PostgreSQL is away, and with an answer that is lost. */
import t from 'tap'
import type { ConfigurationVersions, PublishedConfiguration } from '../../../src/http/configuration/wire.ts'
import { Api } from '../../../tools/demo/api.ts'
import { openBrowser, openSignedIn } from '../../support/browser/browser.ts'
import { checkScreen } from '../../support/browser/screen.ts'
import { startLinia } from '../../support/stack.ts'
import { until } from '../../support/until.ts'
import { bar } from './configuration-steps.ts'

t.test(
  'a publication without an answer is repeated, and makes one version',
  { timeout: 1_500_000 },
  async (t) => {
    const linia = await startLinia(t, { agents: 1, ownDatabase: true })
    const { newContext } = await openBrowser(t, null)
    const page = await openSignedIn(await newContext(), linia.url, linia.account('admin01'))
    const errors: string[] = []
    page.on('pageerror', (error) => errors.push(error.message))
    const api = new Api(linia.url)
    await api.signIn(linia.account('admin01'))
    const inForce = () => api.get<PublishedConfiguration>('/api/configuration')
    const reasons = async () =>
      (await api.get<ConfigurationVersions>('/api/configuration/versions')).items.map(({ reason }) => reason)
    const before = await reasons()
    await page.locator('header nav a[href="/configuration"]').click()

    const reason = page.locator('[data-field=reason]')
    const publish = page.locator('[data-action=publish]')
    const draftNamed = async (name: string, why: string): Promise<void> => {
      await page.locator('[data-item]').first().locator('button').first().click()
      await page.locator('aside [data-field=name]').fill(name)
      await page.locator('[data-action=review]').click()
      await page.locator('[data-changes="own 1"]').waitFor()
      await reason.fill(why)
    }
    const isPublished = async (): Promise<void> => {
      await page.locator('[data-draft="0"]').waitFor()
      t.match(
        await page.locator('[data-draft] output').textContent(),
        `Versiunea ${(await inForce()).id} este în vigoare.`,
      )
      t.equal(await page.locator('[data-late]').count(), 0)
      t.equal(await publish.count(), 0, 'the review is closed')
      await page.reload()
      await page.locator('[data-draft="0"]').waitFor()
    }

    await t.test('while PostgreSQL is away the page says so, and keeps draft and reason', async (t) => {
      await draftNamed('Avarie', 'avarie la centrală')
      await linia.stack.parts.get('postgres')?.stop()
      await publish.click()
      const problem = page.locator('form [role=alert]', { hasText: 'Baza de date nu răspunde acum.' })
      await problem.waitFor()
      t.equal(await bar(page), '1')
      t.equal(await reason.inputValue(), 'avarie la centrală')
      await checkScreen(t, page, 'configuration, database away')
      await linia.stack.parts.get('postgres')?.start()
      await until(() => inForce().then(Boolean, () => false))
      t.same(await reasons(), before, 'nothing is published by itself')
      await publish.click()
      await page.locator('[data-draft="0"]').waitFor()
      t.same(await reasons(), ['avarie la centrală', ...before])
      await isPublished()
    })

    const versionsPath = '**/api/configuration/versions'
    const inForcePath = '**/api/configuration'
    const loseAnswers = (path: string, method: string) =>
      page.route(path, async (route) => {
        if (route.request().method() !== method) return route.fallback()
        await route.fetch()
        // The page may have given the request up meanwhile.
        return route.abort().catch(() => undefined)
      })

    await t.test('of an answer that is lost the page learns at once from the version in force', async (t) => {
      await draftNamed('Iarnă', 'program de iarnă')
      await loseAnswers(versionsPath, 'POST')
      await publish.click()
      await isPublished()
      await page.unroute(versionsPath)
      t.same(await reasons(), ['program de iarnă', 'avarie la centrală', ...before])
    })

    await t.test(
      'while nothing is answered the page can try again, and makes no second version',
      async (t) => {
        await draftNamed('Vară', 'program de vară')
        await loseAnswers(inForcePath, 'GET')
        await loseAnswers(versionsPath, 'POST')
        await publish.click()
        await until(async () => (await page.locator('form [role=alert]').textContent()) !== '')
        t.equal(await bar(page), '1')
        t.equal(await reason.inputValue(), 'program de vară')
        t.equal((await reasons())[0], 'program de vară', 'it is published all the same')
        await page.unroute(versionsPath)
        await publish.click()
        await page.locator('[data-draft="0"]').waitFor()
        await page.unroute(inForcePath)
        await isPublished()
        t.same(await reasons(), ['program de vară', 'program de iarnă', 'avarie la centrală', ...before])
      },
    )
    t.same(errors, [])
  },
)
