/**
 * A call and a request of another agent's, opened with a reason: the form in place of the record, and the reasons as
 * supervisor and auditor read them.
 */
import t from 'tap'
import type { Page } from 'playwright-core'
import { openDatabase } from '../../../src/ledger/database.ts'
import { recordAccess } from '../../../src/ledger/journal/access-log.ts'
import { accountByUsername } from '../../../src/people/accounts.ts'
import { finishedCall } from '../../http/access/finished-call.ts'
import { lampForm, registered, someone } from '../../ledger/requests/fixtures.ts'
import { openBrowser, openDesk, openSignedIn } from '../../support/browser/browser.ts'
import { checkScreen } from '../../support/browser/screen.ts'
import { startLinia } from '../../support/stack.ts'

const check = (page: Page, name: string) => checkScreen(t, page, name)

async function open(page: Page, reason: string, text: string): Promise<void> {
  const form = page.locator('[data-needs-reason]')
  t.ok(await form.locator('[data-action=open-with-reason]').isDisabled(), 'nothing opens without a reason')
  await form.locator('select').selectOption(reason)
  await form.locator('input').fill(text)
  await form.locator('[data-action=open-with-reason]').click()
  await form.waitFor({ state: 'detached' })
}

t.test('what is another’s opens with a reason, and the reason is read', { timeout: 280_000 }, async (t) => {
  const linia = await startLinia(t, { agents: 2 })
  const db = openDatabase({ url: linia.databaseUrl, connectionsMax: 1 })
  t.teardown(() => db.destroy())
  const colleague = await accountByUsername(db, 'agent02')
  if (colleague === null) throw new Error('no agent02')
  const call = await finishedCall(db, { agent: colleague.id, number: '+40722000455' })
  const { id } = await registered(db, { agent: colleague.id, form: lampForm() })
  const { newContext } = await openBrowser(t, null)

  const desk = await openDesk(await newContext(), linia.url, linia.account('agent01'))
  await desk.locator('#tab-requests').click()
  const found = desk.locator('[data-search]:visible')
  await found.fill(id)
  await found.press('Enter')
  await desk.locator(`[data-request="${id}"]`).click()
  await desk.locator('[data-needs-reason=request]').waitFor()
  t.notMatch(await desk.content(), someone.name, 'the list shows no name')
  await check(desk, 'request-needs-reason')
  await open(desk, 'citizen asks', 'petentul, de pe telefonul soției, vrea termenul')
  await desk.locator(`[data-request-record="${id}"]`, { hasText: someone.name }).waitFor()

  const page = await openSignedIn(await newContext(), linia.url, linia.account('agent01'))
  await page.goto(`${linia.url}/calls/${call}`)
  await page.locator('[data-needs-reason=call]').waitFor()
  await check(page, 'call-needs-reason')
  await open(page, 'colleague asks', 'Direcția Drumuri întreabă ce s-a promis')
  await page.getByText('O notă despre +40722000455').waitFor()
  await page.goto(`${linia.url}/calls`)
  await page.locator('main table, main p').first().waitFor()
  t.equal(await page.locator(`a[href="/calls/${call}"]`).count(), 0, 'the list shows own calls only')

  const boss = await openSignedIn(await newContext(), linia.url, linia.account('supervisor01'))
  await boss.goto(`${linia.url}/identity`)
  await boss.locator('[data-reason]', { hasText: 'de pe telefonul soției' }).waitFor()
  await boss.locator('#stated-reasons').scrollIntoViewIfNeeded()
  await check(boss, 'stated-reasons')
  const auditor = await openSignedIn(await newContext(), linia.url, linia.account('auditor01'))
  await auditor.locator('[data-reason]', { hasText: 'Direcția Drumuri' }).waitFor()
  await auditor.locator('[data-look]', { hasText: 'un motiv de deschidere' }).first().waitFor()
  const agent = await accountByUsername(db, 'agent01')
  for (let look = 0; look < 13; look += 1)
    await recordAccess(db, {
      kind: 'refused',
      account: agent?.id ?? colleague.id,
      call: null,
      about: `CC2026-0001${look}`,
      person: null,
      query: null,
    })
  await auditor.reload()
  await auditor.locator('[data-access-alerts]', { hasText: 'Ana Popescu' }).waitFor()
  await check(auditor, 'journal-with-alert')
  const board = await openSignedIn(await newContext(), linia.url, linia.account('supervisor01'))
  await board.locator('a[href="/identity"]', { hasText: 'accesări de urmărit' }).waitFor()
  await auditor.locator('#stated-reasons').scrollIntoViewIfNeeded()
  await check(auditor, 'journal-with-reasons')
})
