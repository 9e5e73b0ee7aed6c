/**
 * Outside systems and programs on the administrator's pages: a provider that answers and then does not, a document system that goes down
 * and comes back, a fiscal database; the token of a program, and a receiver of webhooks.
 */
import { randomInt } from 'node:crypto'
import t, { type Test } from 'tap'
import type { Page } from 'playwright-core'
import { writeEvents } from '../../../src/ledger/calls/event-writing.ts'
import type { Database } from '../../../src/ledger/database.ts'
import { enqueue } from '../../../src/ledger/documents/outbox.ts'
import { freePort } from '../../../src/stack/services/ports.ts'
import { DemoDocumentSystem } from '../../../tools/demo/documents/system.ts'
import { callEvents } from '../../ledger/fixtures.ts'
import { registered } from '../../ledger/documents/messages.ts'
import { openBrowser, openSignedIn } from '../../support/browser/browser.ts'
import { cutAtTheSide } from '../../support/browser/cut-at-the-side.ts'
import { checkScreen, office } from '../../support/browser/screen.ts'
import { runSipp, type SippRun } from '../../support/sip/sipp.ts'
import { testFiscal } from '../../support/city/fiscal.ts'
import { openTestDatabase } from '../../support/postgres.ts'
import { startLinia, type Linia } from '../../support/stack.ts'
import { until } from '../../support/until.ts'
import { Receiver } from '../../support/webhook-receiver.ts'

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

t.test('outside systems and programs, on the administrator’s pages', { timeout: 1_500_000 }, async (t) => {
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
  const supervisor = await openSignedIn(await newContext(), linia.url, linia.account('supervisor01'))
  await t.test('an administrator sees and tries the outside systems, by keyboard', (t) =>
    tryOutsideSystems(t, { db, page, answers, demo, port }),
  )
  await t.test('a program asks with a token that the person has accepted', (t) =>
    giveToken(t, linia, { admin: page, person: supervisor }),
  )
  await t.test('an administrator tells a program of calls, by keyboard', (t) => tellReceiver(t, db, page))
})

interface OutsideSystems {
  readonly db: Database
  readonly page: Page
  /** The provider's. */
  readonly answers: SippRun
  readonly demo: DemoDocumentSystem
  readonly port: number
}

async function tryOutsideSystems(t: Test, outside: OutsideSystems): Promise<void> {
  const { db, page, answers, demo, port } = outside
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
}

/** Entered by an administrator, accepted by the person and shown to them once, used, ended. */
async function giveToken(
  t: Test,
  linia: Linia,
  { admin, person }: { readonly admin: Page; readonly person: Page },
): Promise<void> {
  await admin.locator('header nav a[href="/programs"]').click()
  const form = admin.locator('[data-new-program]')
  await form.locator('input[type=text], input:not([type])').first().fill('CRM')
  await form.locator('select').selectOption({ label: linia.account('supervisor01').name })
  await form.locator('input[type=checkbox][value="calls:read"]').check()
  await form.locator('input[name=perMinute]').fill('10')
  await checkScreen(t, admin, 'programs, new')
  await form.locator('button[type=submit]').click()
  await admin.locator('[data-program-token]').waitFor()
  t.equal(await admin.locator('[data-program-token] [data-rate]').textContent(), '10')
  await checkScreen(t, admin, 'programs, entered')

  await person.goto(`${linia.url}/account`)
  const mine = person.locator('[data-section=programs]')
  await mine.locator('[data-waiting-program]').waitFor()
  await checkScreen(t, person, 'account, a program that asks')
  await mine.locator('[data-accept]').click()
  const token = (await mine.locator('[data-token]').textContent()) ?? ''
  t.match(token, /^lin_[\w-]{43}$/)
  await checkScreen(t, person, 'account, the token')
  await mine.locator('[data-made-token] button').click()
  const ask = async () =>
    (await fetch(`${linia.url}/api/calls`, { headers: { authorization: `Bearer ${token}` } })).status
  t.equal(await ask(), 200)
  const answers: number[] = []
  // A window may end among them.
  while (!answers.includes(429) && answers.length < 25) answers.push(await ask())
  t.same([...new Set(answers)], [200, 429], 'its rate is 10 a minute')

  await admin.reload()
  const row = admin.locator('[data-program-token]')
  await row.locator('[data-rate] small').waitFor()
  await checkScreen(t, admin, 'programs, refused')
  await row.locator('[data-action=ask]').click()
  await row.locator('[data-sure] button').last().click()
  await row.locator('[data-action=ask]').waitFor({ state: 'detached' })
  t.equal(await ask(), 401, 'ended')
}

/** A receiver is entered, told of a call, given a new secret, away for long, ended. `page`: that of programs. */
async function tellReceiver(t: Test, db: Database, page: Page): Promise<void> {
  const receiver = new Receiver()
  await receiver.listen()
  t.teardown(() => receiver.close())
  const tab = page.locator('a[href="/programs/webhooks"]')
  await tab.focus()
  await page.keyboard.press('Enter')
  const form = page.locator('[data-receiver-form=""]')
  await form.waitFor()
  t.equal(await page.locator('header nav a[aria-current=page]').getAttribute('href'), '/programs')
  await checkScreen(t, page, 'webhooks, none')

  await form.locator('[data-field=name]').focus()
  await page.keyboard.type('CRM')
  await page.keyboard.press('Tab')
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.type('http://crm.primaria.example/969')
  await form.locator('[data-field=reason]').focus()
  await page.keyboard.type('contract CRM nr. 12')
  await page.keyboard.press('Enter')
  await form.locator('[data-field=url][aria-invalid=true]').waitFor()
  await checkScreen(t, page, 'webhooks, wrong address')
  await form.locator('[data-field=url]').focus()
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.type(receiver.url)
  await page.keyboard.press('Enter')
  const made = page.locator('[data-made-secret]')
  await made.waitFor()
  await checkScreen(t, page, 'webhooks, the secret')
  receiver.secret = await made.locator('[data-secret]').innerText()
  t.match(receiver.secret, /^whsec_/)
  // It is not lost by a click elsewhere.
  await page.locator('[data-action=new-receiver]').click()
  await made.locator('[role=alert]:not(:empty)').waitFor()
  await made.locator('[data-action=secret-noted]').focus()
  await page.keyboard.press('Enter')
  const row = page.locator('[data-receiver=CRM]')
  await row.waitFor()

  await writeEvents(db, callEvents({ id: 'pbx1-1790000000.1' }))
  await until(() => receiver.taken.length === 4)
  t.equal(receiver.wrongSignatures, 0)

  const open = page.locator('[data-receiver-form=CRM]')
  await open.waitFor()
  await open.locator('[data-field=reason]').focus()
  await page.keyboard.type('secretul s-a pierdut')
  const [renew, end] = [page.locator('[data-action=ask]').first(), page.locator('[data-action=ask]').last()]
  await renew.focus()
  await page.keyboard.press('Enter')
  await page.locator('[data-sure]').waitFor()
  await checkScreen(t, page, 'webhooks, a new secret?')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await made.waitFor()
  const second = await made.locator('[data-secret]').innerText()
  t.not(second, receiver.secret)
  receiver.secret = second
  await made.locator('[data-action=secret-noted]').focus()
  await page.keyboard.press('Enter')
  await writeEvents(db, callEvents({ id: 'pbx1-1790000000.2' }))
  await until(() => receiver.taken.length === 8)
  t.equal(receiver.wrongSignatures, 0, 'signed with the new one')

  const log = page.locator('[data-deliveries]')
  await log.locator('tr[data-outcome=delivered]').nth(7).waitFor()
  await checkScreen(t, page, 'webhooks, deliveries')
  await log.locator('[data-action=replay]').first().focus()
  await page.keyboard.press('Enter')
  await until(() => receiver.taken.length === 9)
  t.equal(receiver.taken[8]?.isReplay, true)
  await log.locator('[data-replayed]:not(:empty)').waitFor()

  await receiver.close()
  await writeEvents(db, callEvents({ id: 'pbx1-1790000000.3' }))
  await log.locator('tr[data-outcome=retrying]').first().waitFor()
  // As after a week; a try that was under way may still be noted as one that is repeated.
  await until(async () => {
    await db.deleteFrom('webhook_unsent').execute()
    await db
      .updateTable('webhook_deliveries')
      .set({ outcome: 'given up' })
      .where('outcome', '=', 'retrying')
      .execute()
    const shown = row.locator('[data-state=failed]').waitFor({ timeout: 15_000 })
    return shown.then(
      () => true,
      () => false,
    )
  })
  await log.locator('[data-field=log-receiver]').focus()
  await page.keyboard.press('ArrowDown')
  const failed = log.locator('[data-action=replay-failed]')
  await failed.waitFor()
  await log.locator('[data-field=log-outcome]').selectOption('given up')
  await log.locator('tr[data-outcome="given up"]').first().waitFor()
  await checkScreen(t, page, 'webhooks, failed')
  await receiver.listen()
  await failed.focus()
  await page.keyboard.press('Enter')
  // The server asks a receiver that was away at growing pauses.
  await until(() => receiver.taken.length > 9, 90_000)
  t.equal(receiver.taken[9]?.isReplay, true)
  await row.locator('[data-state=working]').waitFor()

  await open.locator('[data-field=reason]').focus()
  await page.keyboard.type('nu mai e folosit')
  await end.focus()
  await page.keyboard.press('Enter')
  await page.locator('[data-sure]').waitFor()
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await row.waitFor({ state: 'detached' })
}
