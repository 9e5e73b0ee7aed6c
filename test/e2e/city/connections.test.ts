/**
 * The page of outside systems on the running product: a provider that answers and then does not, a document system that goes down and
 * comes back, and a fiscal database.
 */
import { randomInt } from 'node:crypto'
import t from 'tap'
import { enqueue } from '../../../src/ledger/documents/outbox.ts'
import { freePort } from '../../../src/stack/services/ports.ts'
import { DemoDocumentSystem } from '../../../tools/demo/documents/system.ts'
import { registered } from '../../ledger/documents/messages.ts'
import { openBrowser, openSignedIn } from '../../support/browser/browser.ts'
import { cutAtTheSide } from '../../support/browser/cut-at-the-side.ts'
import { checkScreen, office } from '../../support/browser/screen.ts'
import { runSipp } from '../../support/sip/sipp.ts'
import { testFiscal } from '../../support/city/fiscal.ts'
import { startLinia } from '../../support/stack.ts'
import { openTestDatabase } from '../../support/postgres.ts'

const secret = `whsec_${Buffer.alloc(32, 1).toString('base64')}`
const statusSecret = `whsec_${Buffer.alloc(32, 2).toString('base64')}`
/** A provider that answers each OPTIONS of a qualify. */
const answersOptions = `<recv request="OPTIONS"/><send><![CDATA[
      SIP/2.0 200 OK
      [last_Via:]
      [last_From:]
      [last_To:];tag=[pid]o[call_number]
      [last_Call-ID:]
      [last_CSeq:]
      Content-Length: 0
    ]]></send>`
const waitMs = 120_000
/** The page asks every five seconds. */
const secondsMs = 60_000

t.test(
  'an administrator sees and tries the outside systems, by keyboard',
  { timeout: 1_500_000 },
  async (t) => {
    const port = await freePort('127.0.0.1')
    const demo = new DemoDocumentSystem({ secret, statusSecret, statusUrl: null })
    await demo.listen(port)
    t.teardown(() => demo.close())
    const provider = { host: `127.${randomInt(130, 250)}.${randomInt(256)}.20`, port: 5060 }
    const linia = await startLinia(t, {
      agents: 1,
      overrides: {
        TRUNK_HOSTS: provider.host,
        TAX_DATABASE_URL: (await testFiscal(t)).url,
        DOCUMENTS_URL: `http://127.0.0.1:${port}/messages`,
        DOCUMENTS_FIND_URL: `http://127.0.0.1:${port}/find`,
        DOCUMENTS_SECRET: secret,
        DOCUMENTS_STATUS_SECRET: statusSecret,
      },
    })
    const db = openTestDatabase(linia.databaseUrl, 2)
    t.teardown(() => db.destroy())
    const answers = await runSipp(t, {
      scenario: answersOptions,
      calls: 1000,
      local: provider,
      remote: linia.sip,
      service: '969',
      extra: ['-timeout 600'],
    })

    const { newContext } = await openBrowser(t, null)
    const page = await openSignedIn(await newContext(), linia.url, linia.account('admin01'))
    await page.setViewportSize(office)
    await page.locator('header nav a[href="/connections"]').focus()
    await page.keyboard.press('Enter')
    const row = (id: string) => page.locator(`[data-connection=${id}]`)
    const becomes = (id: string, state: string, boundMs = secondsMs) =>
      page.locator(`[data-connection=${id}][data-state="${state}"]`).waitFor({ timeout: boundMs })
    const testBy = async (id: string): Promise<string> => {
      await page.locator(`[data-test=${id}]`).focus()
      // The finding of the test before is gone as the next begins, which may take a few milliseconds as a whole.
      const answered = page.waitForResponse((answer) => answer.url().endsWith(`/api/connections/${id}/test`))
      await page.keyboard.press('Enter')
      await answered
      const told = page.locator(`[data-tested=${id}]:not(:empty)`)
      await told.waitFor({ timeout: secondsMs })
      return told.innerText()
    }
    for (const id of ['asterisk', 'redis', 'database']) await becomes(id, 'works', waitMs)
    for (const id of ['sign-in', 'time-stamps', 'witness', 'webhooks']) await becomes(id, 'not set up')
    t.match(await row('sign-in').innerText(), /OIDC_ISSUER/)
    await becomes('documents', 'not asked')

    // The provider.
    await becomes('trunk', 'works', waitMs)
    t.match(await testBy('trunk'), /^127\.[\d.]+ a răspuns în [\d,.]+ ms\.$/)
    t.match(await page.locator('[data-trunk-settings]').innerText(), /969[^]*UDP[^]*alaw/)

    // The document system.
    t.match(await testBy('documents'), /^A răspuns în [\d,.]+ ms\.$/)
    await becomes('documents', 'works')
    t.equal(demo.filing.taken.length, 0, 'the test changed nothing there')
    t.match(await testBy('fiscal'), /^A răspuns în [\d,.]+ ms\.$/)
    await becomes('fiscal', 'works')
    await row('fiscal').locator('[data-read-only=true]').waitFor({ timeout: secondsMs })
    await page.locator('[data-term=logs] td:last-child', { hasText: /\d/ }).waitFor({ timeout: secondsMs })
    await checkScreen(t, page, 'connections, all well')
    // The narrowest window that has all pages in a row.
    await page.setViewportSize({ width: 1101, height: 640 })
    t.strictSame(await cutAtTheSide(page), [], 'the header fits')
    const [last, menu] = await Promise.all([
      page.locator('header nav a').last().boundingBox(),
      page.locator('header > :last-child').boundingBox(),
    ])
    t.ok((last?.x ?? 0) + (last?.width ?? 0) <= (menu?.x ?? 0), 'nothing lies over another')
    await page.setViewportSize(office)

    await demo.close()
    await db.transaction().execute((trx) => enqueue(trx, registered('CC2026-900001')))
    await becomes('documents', 'fails')
    t.match(await row('documents').innerText(), /Nu se poate ajunge la el\.[^]*Un mesaj așteaptă/)
    t.match(await testBy('documents'), /La primirea mesajelor: Nu se poate ajunge la el/)
    await answers.stop()
    t.match(await testBy('trunk'), /127\.[\d.]+ nu răspunde/)
    await becomes('trunk', 'fails')
    await checkScreen(t, page, 'connections, two fail')

    await demo.listen(port)
    t.match(await testBy('documents'), /^A răspuns în/)
    await becomes('documents', 'works')

    const rows = await db.selectFrom('connection_tests').select(['connection', 'outcome']).execute()
    t.equal(rows.filter(({ outcome }) => outcome === null).length, 6, 'each test is on record as it begins')
    t.strictSame(
      rows.flatMap(({ connection, outcome }) => (outcome === 'fails' ? [connection] : [])),
      ['documents', 'trunk'],
    )
  },
)
