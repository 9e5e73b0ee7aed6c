/**
 * A call and a request of another agent's, opened with a reason: the form in place of the record, and the reasons as
 * supervisor and auditor read them. A call that was handed on belongs to both agents.
 */
import t from 'tap'
import type { Page } from 'playwright-core'
import { CallId } from '../../../src/core/ids.ts'
import { addWrapUp } from '../../../src/ledger/calls/wrap-ups.ts'
import { recordAccess } from '../../../src/ledger/journal/access-log.ts'
import { accountByUsername } from '../../../src/people/accounts.ts'
import { finishedCall } from '../../http/access/finished-call.ts'
import { lampForm, registered, someone } from '../../ledger/requests/fixtures.ts'
import { openBrowser, openDesk, openSignedIn, pickUp, waitForState } from '../../support/browser/browser.ts'
import { checkScreen } from '../../support/browser/screen.ts'
import { startLinia } from '../../support/stack.ts'
import { tone } from '../../support/sip/audio.ts'
import { openTown } from '../../support/sip/citizen.ts'
import { openTestDatabase } from '../../support/postgres.ts'

const toned = tone(800)
const check = (page: Page, name: string) => checkScreen(t, page, name)

async function open(page: Page, reason: string, text: string): Promise<void> {
  const form = page.locator('[data-needs-reason]')
  t.ok(await form.locator('[data-action=open-with-reason]').isDisabled(), 'nothing opens without a reason')
  await form.locator('select').selectOption(reason)
  await form.locator('input').fill(text)
  await form.locator('[data-action=open-with-reason]').click()
  await form.waitFor({ state: 'detached' })
}

t.test('calls and requests of other agents', { timeout: 1_500_000 }, async (t) => {
  const linia = await startLinia(t, {
    agents: 2,
    overrides: { GREETING: 'none', WRAP_UP_MS: '300000', RING_TIMEOUT_MS: '60000', RECONNECT_MS: '3000' },
  })
  const db = openTestDatabase(linia.databaseUrl)
  t.teardown(() => db.destroy())
  const [ana, ion] = [linia.account('agent01'), linia.account('agent02')]
  const [first, second] = await Promise.all(
    ['agent01', 'agent02'].map((username) => accountByUsername(db, username)),
  )
  if (first == null || second == null) throw new Error('no agents')
  const call = await finishedCall(db, { agent: second.id, number: '+40722000455' })
  const { id } = await registered(db, { agent: second.id, form: lampForm() })
  const handedOn = await finishedCall(db, { first: first.id, agent: second.id, number: '+40722000456' })
  await addWrapUp(db, {
    call: handedOn,
    agent: second.id,
    form: { subject: 'Impozit pe clădiri', motivated: 'yes', reason: null, resolution: 'on the spot' },
  })
  const { newContext } = await openBrowser(t, null)
  const page = await openDesk(await newContext(), linia.url, ana)

  await t.test('what is another’s opens with a reason, and the reason is read', async (t) => {
    await page.locator('#tab-requests').click()
    const found = page.locator('[data-search]:visible')
    await found.fill(id)
    await found.press('Enter')
    await page.locator(`[data-request="${id}"]`).click()
    await page.locator('[data-needs-reason=request]').waitFor()
    t.notMatch(await page.content(), someone.name, 'the list shows no name')
    await check(page, 'request-needs-reason')
    await open(page, 'citizen asks', 'petentul, de pe telefonul soției, vrea termenul')
    await page.locator(`[data-request-record="${id}"]`, { hasText: someone.name }).waitFor()

    await page.goto(`${linia.url}/calls/${call}`)
    await page.locator('[data-needs-reason=call]').waitFor()
    await open(page, 'colleague asks', 'Direcția Drumuri întreabă ce s-a promis')
    await page.getByText('O notă despre +40722000455').waitFor()

    for (let look = 0; look < 13; look += 1)
      await recordAccess(db, {
        kind: 'refused',
        account: first.id,
        call: null,
        about: `CC2026-0001${look}`,
        person: null,
        query: null,
      })
    const boss = await openSignedIn(await newContext(), linia.url, linia.account('supervisor01'))
    await boss.locator('a[href="/identity"]', { hasText: 'accesări de urmărit' }).click()
    await boss.locator('[data-reason]', { hasText: 'de pe telefonul soției' }).waitFor()
    await boss.context().close()
    const auditor = await openSignedIn(await newContext(), linia.url, linia.account('auditor01'))
    await auditor.locator('[data-reason]', { hasText: 'Direcția Drumuri' }).waitFor()
    await auditor.locator('[data-look]', { hasText: 'un motiv de deschidere' }).first().waitFor()
    await auditor.locator('[data-access-alerts]', { hasText: 'Ana Popescu' }).waitFor()
    await check(auditor, 'journal-with-alert-and-reasons')
    await auditor.context().close()
  })

  await t.test('of a call that was handed on each completes a form; the page has both', async (t) => {
    await page.locator('header nav a[href="/calls"]').click()
    const row = page.locator('tr', { has: page.locator(`a[href="/calls/${handedOn}"]`) })
    await row.waitFor()
    t.equal(await page.locator(`a[href="/calls/${call}"]`).count(), 0, 'the list shows own calls only')
    t.match(await row.innerText(), new RegExp(`${ana.name} →[^]*${ion.name}`))
    await row.locator(`a[href="/calls/${handedOn}"]`).first().click()
    const parts = page.locator('[data-part]')
    await parts.nth(1).waitFor()
    t.match(await page.locator('[data-legs]').innerText(), new RegExp(`${ana.name}.*\n${ion.name}`))
    t.match(await parts.nth(0).innerText(), ana.name)
    t.match(await parts.nth(1).innerText(), /Impozit pe clădiri[^]*dă subiectul apelului/)
    t.equal(
      await parts.nth(1).locator('[data-action=correct]').count(),
      0,
      'another’s is not theirs to change',
    )
    await parts.nth(0).locator('[data-action=correct]').click()
    const form = page.locator('[data-correction]')
    t.match(await parts.nth(0).innerText(), ana.name, 'the form is under its agent’s name')
    await form.locator('[data-action=save-correction]').hover()
    await page.locator('[role=tooltip]', { hasText: 'Nu ai schimbat nimic.' }).waitFor()
    t.equal(await form.locator('input[data-subject]').inputValue(), '')
    await form.locator('input[data-subject]').fill('Certificat fiscal')
    await form.locator('[data-note]').fill('Am predat apelul la taxe.')
    // This page has no desk, whose keys would save it.
    await form.locator('[data-note]').press('Control+Enter')
    await form.waitFor({ state: 'detached' })
    await parts.nth(0).getByText('Certificat fiscal').waitFor()
    await page.locator('blockquote', { hasText: 'Am predat apelul la taxe.' }).waitFor()
    await check(page, 'call-of-two-agents')
  })

  await t.test('the second agent sees what the first one left, from the ring on', async (t) => {
    const town = await openTown(t, { target: linia.sip, from: linia.trunk })
    const desk = page
    await desk.locator('header nav a[href="/desk"]').click()
    await desk.locator('[data-registration=registered]').waitFor()
    await desk.locator('[data-action=pause-ready]:not([aria-disabled=true])').waitFor()
    await desk.keyboard.press('F4')
    await waitForState(desk, 'ready')
    const citizen = await town.call({ callerId: '0722000457', speech: toned })
    await pickUp(desk)
    t.equal(await desk.locator('[data-from]').count(), 0, 'nobody had the call before')
    await desk.locator('[data-notes]').fill('Vrea certificat fiscal, are buletinul la ea.')
    await desk.locator('output[data-status=saved]').waitFor()
    const present = await desk.locator('[data-call]').first().getAttribute('data-call')
    await registered(db, { agent: first.id, call: CallId(present ?? ''), form: lampForm() })
    const other = await openDesk(await newContext(), linia.url, ion)
    await other.keyboard.press('F4')
    await waitForState(other, 'ready')
    // The page is gone for good: after `RECONNECT_MS` the caller is first in the queue.
    await desk.context().close()
    await waitForState(other, 'ringing')
    const left = other.locator('[data-from]')
    await left.getByText('Vrea certificat fiscal, are buletinul la ea.').waitFor()
    t.match(await left.innerText(), `De la ${ana.name}`)
    await other.locator('[data-colleagues] [data-registered]', { hasText: 'Iluminat public' }).waitFor()
    await pickUp(other)
    await left.waitFor()
    t.equal(await other.locator('[data-notes]').inputValue(), '', 'the colleague’s notes are not the agent’s')
    await other.locator('[data-notes]').fill('Certificatul vine prin e-mail.')
    await check(other, 'talking, handed on')
    citizen.hangUp()
    await waitForState(other, 'wrap-up')
    await left.waitFor()
  })
})
