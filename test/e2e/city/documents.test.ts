/** Deliveries that failed: shown to a supervisor, retried by key, and delivered. */
import t, { type Test } from 'tap'
import type { Page } from 'playwright-core'
import { triesAtMs } from '../../../src/city/documents/backoff.ts'
import { type Database } from '../../../src/ledger/database.ts'
import { enqueue, recordTry } from '../../../src/ledger/documents/outbox.ts'
import { Api } from '../../../tools/demo/api.ts'
import { DemoDocumentSystem } from '../../../tools/demo/documents/system.ts'
import { freePort } from '../../../src/stack/services/ports.ts'
import { registered } from '../../ledger/documents/messages.ts'
import { lampForm, randomDraft } from '../../ledger/requests/fixtures.ts'
import { checkScreen } from '../../support/browser/screen.ts'
import { openBrowser, openDesk, openSignedIn } from '../../support/browser/browser.ts'
import { startLinia } from '../../support/stack.ts'
import { until } from '../../support/until.ts'
import { openTestDatabase } from '../../support/postgres.ts'

const secret = `whsec_${Buffer.alloc(32, 1).toString('base64')}`
const statusSecret = `whsec_${Buffer.alloc(32, 2).toString('base64')}`

/** A delivery refused by the document system for a week. */
async function addFailedDelivery(db: Database, request: string): Promise<void> {
  const id = await db.transaction().execute((trx) => enqueue(trx, registered(request)))
  await until(async () => {
    const rows = await db.selectFrom('outbox_tries').select('id').where('message', '=', id).execute()
    return rows.length > 0
  })
  await recordTry(db, { id, tries: triesAtMs.length - 1 }, { outcome: 'refused', status: 500 }, Date.now())
}

/** Status of a paper filed over the counter; a slow document system does not block the desk. */
async function lookUpPaper(t: Test, demo: DemoDocumentSystem, desk: Page): Promise<void> {
  await desk.locator('#tab-requests').click()
  await desk.locator('[data-action=elsewhere]').click()
  const fields = desk.locator('[data-filed-elsewhere] input')
  for (const [index, text] of ['SC2026-017903', '19.10.2026', 'stefan ionescu'].entries())
    await fields.nth(index).fill(text)
  await desk.keyboard.press('Enter')
  await desk.locator('[data-answer=found]').waitFor()
  t.match(
    await desk.locator('[data-answer]').textContent(),
    /este în lucru la .*Termenul a expirat joi, 19 noiembrie/,
  )
  await checkScreen(t, desk, 'paper, found and late')
  demo.behaviour = 'slow'
  const began = performance.now()
  await desk.keyboard.press('Enter')
  await desk.locator('[data-answer=unreachable]').waitFor()
  t.ok(performance.now() - began < 12_000, 'the answer does not wait for a slow system')
  await checkScreen(t, desk, 'paper, no answer')
  demo.behaviour = 'up'
  await desk.locator('[data-action=late-answer]').click()
  t.equal(await desk.locator('[data-paper=number]').inputValue(), 'SC2026-017903')
  t.equal(await desk.locator('[data-day=paper]').inputValue(), '19.10.2026')
  t.match(await desk.locator('[data-paper-found=false]').textContent(), /neverificat/)

  // Found by the document system: the complaint is about a verified paper.
  await desk.locator('[data-action=discard]').click()
  await desk.locator('[data-action=elsewhere]').click()
  for (const [index, text] of ['SC2026-017903', '19.10.2026', 'stefan ionescu'].entries())
    await fields.nth(index).fill(text)
  await desk.keyboard.press('Enter')
  await desk.locator('[data-answer=found]').waitFor()
  await desk.locator('[data-action=late-answer]').click()
  await desk.locator('[data-paper-found=true]').waitFor()
  await checkScreen(t, desk, 'paper, verified')
  await desk.locator('[data-request-form] [data-phone]').fill('0722 000 961')
  await desk.keyboard.press('Control+Enter')
  const registered = desk.locator('[data-requests-shown=read-out] [data-read-out]')
  await registered.waitFor()
  const id = (await registered.getAttribute('data-read-out')) ?? ''
  await desk.locator(`button[data-request="${id}"]`).click()
  await desk.getByText('Despre SC2026-017903 din 19 octombrie 2026: ').waitFor()
  t.match(
    await desk.locator('[data-requests-shown=request]').textContent(),
    /verificat în sistemul de documente/,
  )
  await desk.close()
}

t.test(
  'a supervisor sees and retries deliveries after an outage of the document system',
  { timeout: 1_500_000 },
  async (t) => {
    const port = await freePort('127.0.0.1')
    const demo = new DemoDocumentSystem({ secret, statusSecret, statusUrl: null })
    await demo.listen(port)
    t.teardown(() => demo.close())
    const linia = await startLinia(t, {
      agents: 1,
      overrides: {
        DOCUMENTS_URL: `http://127.0.0.1:${port}/messages`,
        DOCUMENTS_FIND_URL: `http://127.0.0.1:${port}/find`,
        DOCUMENTS_SECRET: secret,
        DOCUMENTS_STATUS_SECRET: statusSecret,
      },
    })
    const db = openTestDatabase(linia.databaseUrl, 2)
    t.teardown(() => db.destroy())

    const agent = new Api(linia.url)
    await agent.signIn(linia.account('agent01'))
    const form = { draft: randomDraft(), call: null, form: lampForm() }
    const answer = await agent.ask('POST', '/api/requests', form)
    const { id } = (await answer.json()) as { id: string }
    await until(() => demo.filing.requests.has(id))
    t.pass('a registered request is delivered within moments')
    linia.kill('server1')
    await db.transaction().execute((trx) => enqueue(trx, registered('CC2026-900009')))
    await until(() => demo.filing.requests.has('CC2026-900009'))
    t.pass('a request registered during an outage is delivered afterwards')

    const { newContext } = await openBrowser(t, null)
    await lookUpPaper(t, demo, await openDesk(await newContext(), linia.url, linia.account('agent01')))
    const page = await openSignedIn(await newContext(), linia.url, linia.account('supervisor01'))
    await page.locator('header nav a[href="/documents"]').click()
    await page.getByText('Totul a ajuns la sistemul de documente.').waitFor()

    demo.behaviour = 'failing'
    await addFailedDelivery(db, 'CC2026-900002')
    await addFailedDelivery(db, 'CC2026-900003')
    await db.transaction().execute((trx) => enqueue(trx, registered('CC2026-900004')))
    await page.reload()
    await page.locator('[data-message]').nth(2).waitFor()
    t.equal(await page.locator('[data-given-up=true]').count(), 2)
    await until(
      async () => (await page.locator('tbody tr').last().textContent())?.includes('refuzat (500)') === true,
    )
    await checkScreen(t, page, 'documents, undelivered')

    demo.behaviour = 'up'
    const buttons = page.locator('tbody button')
    await buttons.first().focus()
    await page.keyboard.press('ArrowDown')
    t.equal(await buttons.nth(1).evaluate((button) => button === document.activeElement), true)
    await page.keyboard.press('Enter')
    await page.getByText('Se încearcă din nou CC2026-900003.').waitFor()
    await until(() => demo.filing.requests.has('CC2026-900003'))
    await page.locator('[data-message]', { hasText: 'CC2026-900003' }).waitFor({ state: 'detached' })
    t.notOk(demo.filing.requests.has('CC2026-900002'), 'only the selected delivery is retried')
  },
)
