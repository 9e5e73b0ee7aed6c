/** A receiver of webhooks by keyboard: entered by an administrator, told of a call, given a new secret, ended. */
import t from 'tap'
import { writeEvents } from '../../../src/ledger/calls/event-writing.ts'
import { callEvents } from '../../ledger/fixtures.ts'
import { openBrowser } from '../../support/browser/browser.ts'
import { checkScreen } from '../../support/browser/screen.ts'
import { startLinia } from '../../support/stack.ts'
import { until } from '../../support/until.ts'
import { Receiver } from '../../support/webhook-receiver.ts'
import { openTestDatabase } from '../../support/postgres.ts'

t.test('an administrator tells a program of calls, by keyboard', { timeout: 1_500_000 }, async (t) => {
  const linia = await startLinia(t, { agents: 1 })
  const db = openTestDatabase(linia.databaseUrl)
  t.teardown(() => db.destroy())
  const receiver = new Receiver()
  await receiver.listen()
  t.teardown(() => receiver.close())
  const { newContext } = await openBrowser(t, null)
  const page = await (await newContext()).newPage()
  await page.goto(linia.url)
  const { username, password } = linia.account('admin01')
  await page.locator('input[name=username]').fill(username)
  await page.locator('input[name=password]').fill(password)
  await page.keyboard.press('Enter')
  await page.locator('header nav').waitFor()
  await page.goto(`${linia.url}/programs`)
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
  await checkScreen(t, page, 'webhooks, one receiver')
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
  await checkScreen(t, page, 'webhooks, ended')
})
