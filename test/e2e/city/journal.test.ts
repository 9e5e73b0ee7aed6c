/** The auditor's page: the access log of a person is queried, verified, and exported. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import type { Test } from 'tap'
import type { Locator, Page } from 'playwright-core'
import { personMark } from '../../../src/city/journal/person.ts'
import { AgentId, CallId } from '../../../src/core/ids.ts'
import { checkDatabase } from '../../../src/ledger/journal/check.ts'
import { checkProof } from '../../../src/ledger/journal/proof.ts'
import { keepFailedCheck, keepLastCheck } from '../../../src/ledger/journal/last-check.ts'
import { stampsIn } from '../../../src/ledger/journal/time-stamps.ts'
import { recordAccess } from '../../../src/ledger/journal/access-log.ts'
import { accountByUsername } from '../../../src/people/accounts.ts'
import { consoleErrors } from '../../support/browser/console.ts'
import { checkScreen } from '../../support/browser/screen.ts'
import { openBrowser, openSignedIn } from '../../support/browser/browser.ts'
import { checkWidths } from '../../support/browser/widths.ts'
import { stampingAuthority } from '../../support/city/time-stamping-authority.ts'
import { startLinia, type Linia } from '../../support/stack.ts'
import { until } from '../../support/until.ts'
import { openTestDatabase } from '../../support/postgres.ts'

const program = fileURLToPath(new URL('../../../src/stack/linia', import.meta.url))
const cnp = '1850315351233'
const askAgainMs = 2_000

async function lookedAt({ databaseUrl, stack }: Linia): Promise<void> {
  const db = openTestDatabase(databaseUrl)
  const account = (await accountByUsername(db, 'agent01'))?.id ?? AgentId('')
  const person = personMark(stack.secrets.persons, cnp)
  const call = CallId('pbx1-1764025000.12')
  for (const about of ['objects', 'due', 'paid'])
    await recordAccess(db, { kind: 'section', account, call, about, person, query: null })
  await recordAccess(db, {
    kind: 'request',
    account,
    call,
    about: 'CC2026-000123',
    person: null,
    query: null,
  })
  await recordAccess(db, {
    kind: 'paper',
    account,
    call,
    about: 'carte-identitate@3',
    person: null,
    query: 'buletin pierdut',
  })
  const codes = [
    ['screen-pop', 'requests: 0', null],
    ['request-list', 'open', 'Direcția Generală Drumuri, Poduri, Parcaje și Rețele Edilitare'],
    ['request-list', 'follow-ups', null],
    ['request-list', 'similar', 'street-lighting'],
    ['call-list', 'calls', `agent ${account}, outcome abandoned, one number`],
    ['call', call, 'present caller'],
    ['hearing', `${call} whole abcdefgh12345678`, null],
    ['journal', 'looks', `account ${account}, kind section, from 2026-11-24T22:00:00.000Z`],
    ['question-set', 'check 12', null],
    ['verdict', 'check 12 passed', null],
    ['export', 'CC2026-000123', 'paper'],
    ['call-list', 'identity locks', null],
  ] as const
  for (const [kind, about, query] of codes)
    await recordAccess(db, { kind, account, call, about, person: null, query })
  await db.destroy()
}

/** A range of days that ends before it begins, then a CNP of three digits; leaves a blank question about a person. */
const refuses = (page: Page) => async (t: Test) => {
  const submit = page.locator('form button[type=submit]').first()
  const refusedAt = async (name: string, sentence: RegExp): Promise<void> => {
    await submit.click()
    const field = page.locator(`input[name=${name}][aria-invalid=true]`)
    await field.waitFor()
    const described = ((await field.getAttribute('aria-describedby')) ?? '').split(' ')
    const error = described.find((id) => id.includes('error')) ?? ''
    t.match(await page.locator(`[id="${error}"]`).textContent(), sentence, name)
    t.equal(await page.locator('main [aria-invalid=true]').count(), 1, 'at that field alone')
    t.equal(await page.locator('tbody [data-look]').count(), 0, 'no answer to another question is shown')
  }
  await page.locator('input[name=from]').fill('24.11.2026')
  await page.locator('input[name=to]').fill('23.11.2026')
  await refusedAt('to', /^Ziua din „Până la” este înaintea celei din „De la”\.$/)
  for (const name of ['from', 'to']) await page.locator(`input[name=${name}]`).fill('')
  await page.locator('select[name=subject]').selectOption('person')
  await page.locator('input[name=person]').fill('123')
  await refusedAt('person', /^Nu este un CNP sau un CUI întreg: verifică cifrele\.$/)
}

/** Codes of entries, which no screen shows. */
const code =
  /looks|requests: |\b(open|due|paid|objects|follow-ups|similar|street-lighting|check|whole|passed|paper|locks)\b|pbx1-|\d{4}-\d\d-\d\dT|@\d|account /

const heightOf = async (place: Locator): Promise<number> => (await place.boundingBox())?.height ?? Infinity

/** The questions that are longer than the field which shows the chosen one. */
function cutQuestions(page: Page): Promise<string[]> {
  return page.locator('select[name=subject]').evaluate((field: HTMLSelectElement) => {
    const { font, paddingLeft, paddingRight } = getComputedStyle(field)
    const pen = document.createElement('canvas').getContext('2d')
    if (pen === null) return ['no canvas']
    pen.font = font
    const room = field.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight)
    return [...field.options].map(({ text }) => text).filter((text) => pen.measureText(text).width > room)
  })
}

t.test('the auditor’s page', { timeout: 1_500_000 }, async (t) => {
  const away = mkdtempSync(join(tmpdir(), 'linia-authority-'))
  t.teardown(() => rm(away, { recursive: true }))
  const authority = await stampingAuthority(t, away)
  const settings = {
    JOURNAL_TSA_URL: authority.url,
    JOURNAL_TSA_CA: authority.ca,
    JOURNAL_WITNESS_EVERY_MIN: '1',
    JOURNAL_SIGN_EVERY_S: '2',
  }
  const linia = await startLinia(t, { agents: 2, overrides: settings })
  await lookedAt(linia)
  const { newContext } = await openBrowser(t, null)
  const context = await newContext()
  const errors = consoleErrors(context)
  const asked: string[] = []
  context.on('request', (request) => asked.push(request.url()))
  const page = await openSignedIn(context, linia.url, linia.account('auditor01'))
  await page.locator('[data-look]').first().waitFor()
  t.match(page.url(), /\/journal$/, 'the auditor’s start page')
  t.notMatch(await page.locator('main').innerText(), code, 'the journal is in words')
  for (const text of ['nicio cerere deschisă a apelantului', 'Iluminat public', 'contul: Ana Popescu'])
    await page.locator('tbody', { hasText: text }).first().waitFor()
  t.ok((await heightOf(page.locator('[data-look]:has([data-of-call])').first())) < 36, 'a row is one line')
  t.strictSame(await cutQuestions(page), [], 'every question fits its field')
  await checkWidths(t, page, 'journal')
  await checkScreen(t, page, 'journal')
  await page.locator('[data-of-call]').first().click()
  await until(async () => /Primele|accesări/.test(await page.locator('main').innerText()))

  await t.test('a question that cannot find what is meant is refused at its field', refuses(page))
  await page.locator('input[name=person]').fill(cnp)
  await page.locator('form button[type=submit]').click()
  await until(async () => (await page.locator('[data-look]').count()) === 3)
  t.match(await page.locator('tbody').first().innerText(), /De plată/)
  t.notOk(
    asked.some((url) => url.includes(cnp)),
    'the identifier is in no URL',
  )
  t.notMatch(await readFile(join(linia.dir, 'log/server1.log'), 'utf8'), cnp)

  await page.locator('[data-look] [data-action=remark]').first().click()
  await page.keyboard.insertText('Verificat: apelantul era chiar el.')
  await page.keyboard.press('Enter')
  await page.locator('[data-remarks]', { hasText: 'Verificat: apelantul era chiar el.' }).waitFor()
  t.equal(await page.locator('[data-action=add-remark]').count(), 0)
  const again = page.waitForResponse((answer) => answer.url().endsWith('/api/journal/looks'))
  await page.locator('form button[type=submit]').first().click()
  await again
  // The previous query is itself an access to this person, and comes first now.
  await page.locator('[data-look]').nth(3).waitFor()
  t.equal(await page.locator('[data-remarks] p').count(), 1, 'after a second query the remark is shown once')
  await checkScreen(t, page, 'journal-remark')

  const taking = page.waitForEvent('download')
  await page.locator('form button', { hasText: 'CSV' }).click()
  const csv = await readFile(await (await taking).path(), 'utf8')
  t.equal(csv.split('\r\n').filter((line) => line.includes(',section,')).length, 3)
  await page.locator('select[name=subject]').selectOption('account')
  await page.locator('select[name=account]').selectOption({ index: 1 })
  await page.locator('details summary').first().click()
  await page.locator('details summary').last().click()

  const proof = page.locator('[data-look] [data-action=proof]').last()
  const index = Number(await proof.innerText())
  await until(async () => {
    await delay(askAgainMs)
    const answer = await page.request.get(`${linia.url}/api/journal/entries/${index}/proof`)
    return answer.status() === 200
  })
  const proving = page.waitForEvent('download')
  await proof.click()
  const file = await (await proving).path()
  const key = await page.locator('details code').innerText()
  t.equal(await checkProof(file, key), null, 'the exported proof verifies with the key shown')
  await checkScreen(t, page, 'journal-details')
  const refused = /status of 400 .*\/api\/journal\/looks$/
  t.strictSame(
    errors.filter((one) => !refused.test(one)),
    [],
    'no error in any console',
  )

  const anchor = join(linia.dir, 'anchor')
  const db = openTestDatabase(linia.databaseUrl)
  t.teardown(() => db.destroy())
  await until(async () => (await stampsIn(anchor)).length > 0)
  t.match(
    await checkDatabase(db, { anchor, verifierKey: key, stamps: { ca: authority.ca } }),
    { ok: true, stamped: { authority: /Timp/ } },
    'the server, in its sandbox, has its heads stamped',
  )

  await t.test('a check that could not be made is an alarm until one has been made', async (t) => {
    const { PATH = '', HOME = '' } = process.env
    const { databaseUrl: DATABASE_URL, dir: VAR_DIR } = linia
    const env = { PATH, HOME, ...settings, DATABASE_URL, VAR_DIR }
    const place = { folder: anchor, own: join(linia.dir, 'journal') }
    await keepFailedCheck(place.own, { at: Date.now(), why: 'connect ECONNREFUSED 127.0.0.1:5432' })
    await page.reload()
    await page.locator('[data-journal=bad]').waitFor()
    t.match(await page.locator('[data-journal=bad]').innerText(), /nu s-a putut face: .*ECONNREFUSED/)
    await checkScreen(t, page, 'journal-unchecked')
    const doctor = spawnSync(program, ['doctor'], { env, encoding: 'utf8' })
    t.match(doctor, { status: 1, stdout: /last check: The journal could not be checked at/ })
    const metrics = async () => (await fetch(`${linia.url}/metrics`)).text()
    await until(async () => /^linia_journal_bad 1$/m.test(await metrics()))
    t.match(await metrics(), /^linia_journal_check_age_seconds \+Inf$/m)
    await keepLastCheck(place, { at: Date.now(), entries: 1, bad: null })
    await page.reload()
    await page.locator('[data-journal=good]').waitFor()
    await page.locator('[data-stamped]').waitFor()
    await checkScreen(t, page, 'journal-stamped')
    await until(async () => /^linia_journal_bad 0$/m.test(await metrics()))
    await until(async () => /^linia_journal_check_age_seconds \d/m.test(await metrics()))
  })

  await t.test('an emptied anchor is an alarm until the rollback is accepted, on record', async (t) => {
    const { PATH = '', HOME = '' } = process.env
    const { databaseUrl: DATABASE_URL, dir: VAR_DIR } = linia
    const env = { PATH, HOME, ...settings, DATABASE_URL, VAR_DIR }
    const command = (...args: string[]) => spawnSync(program, args, { env, encoding: 'utf8' })
    t.match(command('verify'), { status: 0, stdout: /signed heads hold\.[^]*time stamps hold/ })
    for (const name of await readdir(anchor)) await rm(join(anchor, name), { recursive: true })
    await page.reload()
    await page.locator('[data-journal=bad]').waitFor()
    t.match(await page.locator('[data-journal=bad]').innerText(), /Dosarul ancorei este gol/)
    await checkScreen(t, page, 'journal-emptied')
    t.match(command('verify'), { status: 1, stdout: /no signed head/ })
    t.match(command('doctor'), { status: 1, stdout: /anchor’s folder has no head/ })
    const metrics = async () => (await fetch(`${linia.url}/metrics`)).text()
    await until(async () => /^linia_journal_bad 1$/m.test(await metrics()))
    t.notOk(
      (await readdir(anchor)).some((name) => name.endsWith('.heads')),
      'nothing is signed',
    )
    const reason = 'Volumul ancorei a fost înlocuit după defectarea discului'
    t.match(command('journal', 'accept-rollback', reason), { status: 0, stdout: /Accepted as entry \d+/ })
    await until(async () => (await readdir(anchor)).some((name) => name.endsWith('.heads')))
    await until(async () => /^linia_journal_bad 0$/m.test(await metrics()))
    // Until then the check fails: the stamps that it was told to verify are gone.
    await until(async () => (await stampsIn(anchor)).length > 0)
    t.match(command('verify'), { status: 0, stdout: new RegExp(`accepted a rollback: ${reason}`) })
    await page.reload()
    await page.getByText(reason).waitFor()
    await checkScreen(t, page, 'journal-accepted')
  })
})
