/** What has not reached the document system, on the running system: seen, tried again by key, and there. */
import t, { type Test } from 'tap'
import type { Page } from 'playwright-core'
import { triesAtMs } from '../../src/city/documents/backoff.ts'
import { openDatabase, type Database } from '../../src/ledger/database.ts'
import { enqueue, recordTry } from '../../src/ledger/outbox.ts'
import { DemoDocumentSystem } from '../../src/stack/demo/documents/system.ts'
import { freePort } from '../../src/stack/ports.ts'
import { registered } from '../ledger/messages.ts'
import { findings } from '../support/axe.ts'
import { openBrowser } from '../support/browser.ts'
import { startLinia } from '../support/stack.ts'
import { until } from '../support/until.ts'

const secret = `whsec_${Buffer.alloc(32, 1).toString('base64')}`
const statusSecret = `whsec_${Buffer.alloc(32, 2).toString('base64')}`
const office = { width: 1366, height: 640 }

/** A message that the document system refused for a week. */
async function givenUp(db: Database, request: string): Promise<void> {
  const id = await db.transaction().execute((trx) => enqueue(trx, registered(request)))
  await until(async () => {
    const rows = await db.selectFrom('outbox_tries').select('id').where('message', '=', id).execute()
    return rows.length > 0
  })
  await recordTry(db, { id, tries: triesAtMs.length - 1 }, { outcome: 'refused', status: 500 }, Date.now())
}

async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env['PICTURES']
  if (folder !== undefined) await page.screenshot({ path: `${folder}/${name}.png` })
}

async function check(t: Test, page: Page, name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor()
    t.strictSame(await findings(page), [], `${name}, ${colorScheme}`)
    await picture(page, `${name}-${colorScheme}`)
  }
}

t.test('the document system goes down, and a supervisor looks', { timeout: 120_000 }, async (t) => {
  const port = await freePort('127.0.0.1')
  const front = await freePort('127.0.0.1')
  const demo = new DemoDocumentSystem({
    secret,
    statusSecret,
    statusUrl: `http://127.0.0.1:${front}/api/documents/status`,
  })
  await demo.listen(port)
  t.teardown(() => demo.close())
  const linia = await startLinia(t, {
    agents: 1,
    overrides: {
      HTTP_PORT: String(front),
      DOCUMENTS_URL: `http://127.0.0.1:${port}/messages`,
      DOCUMENTS_FIND_URL: `http://127.0.0.1:${port}/find`,
      DOCUMENTS_SECRET: secret,
      DOCUMENTS_STATUS_SECRET: statusSecret,
    },
  })
  const db = openDatabase({ url: linia.databaseUrl, connectionsMax: 2 })
  t.teardown(() => db.destroy())

  await db.transaction().execute((trx) => enqueue(trx, registered('CC2026-000001')))
  await until(() => demo.filing.taken.length === 1)
  t.pass('what is registered is there within moments')
  linia.kill('server1')
  await db.transaction().execute((trx) => enqueue(trx, registered('CC2026-000009')))
  await until(() => demo.filing.requests.has('CC2026-000009'), 30_000)
  t.pass('also what is written while the server is dead')
  t.equal(
    await demo.tell({ request: 'CC2026-000001', version: 1, state: 'received' }),
    204,
    'through the front',
  )
  const forged = { secret: `whsec_${Buffer.alloc(32, 9).toString('base64')}` }
  t.equal(await demo.tell({ request: 'CC2026-000001', version: 2, state: 'answered' }, forged), 401)

  const { newContext } = await openBrowser(t, null)
  const page = await (await newContext()).newPage()
  await page.setViewportSize(office)
  await page.goto(linia.url)
  const { username, password } = linia.account('supervisor01')
  await page.locator('input[name=username]').fill(username)
  await page.locator('input[name=password]').fill(password)
  await page.locator('button[type=submit]').click()
  await page.locator('header nav a[href="/documents"]').click()
  await page.getByText('Totul a ajuns la sistemul de documente.').waitFor()
  await check(t, page, 'documents, none')

  demo.behaviour = 'failing'
  await givenUp(db, 'CC2026-000002')
  await givenUp(db, 'CC2026-000003')
  await db.transaction().execute((trx) => enqueue(trx, registered('CC2026-000004')))
  await page.reload()
  await page.locator('[data-message]').nth(2).waitFor()
  t.equal(await page.locator('[data-given-up=true]').count(), 2)
  await until(
    async () => (await page.locator('tbody tr').last().textContent())?.includes('refuzat (500)') === true,
    20_000,
  )
  await check(t, page, 'documents, undelivered')

  demo.behaviour = 'up'
  const buttons = page.locator('tbody button')
  await buttons.first().focus()
  await page.keyboard.press('ArrowDown')
  t.equal(await buttons.nth(1).evaluate((button) => button === document.activeElement), true)
  await page.keyboard.press('Enter')
  await page.getByText('Se încearcă din nou CC2026-000003.').waitFor()
  await until(() => demo.filing.requests.has('CC2026-000003'))
  await page.locator('[data-message]', { hasText: 'CC2026-000003' }).waitFor({ state: 'detached' })
  t.notOk(demo.filing.requests.has('CC2026-000002'), 'only the one that was asked for')
})
