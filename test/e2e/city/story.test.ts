/**
 * All subjects in one call: identity check, account view, an article, a registered request, its delivery to the
 * document system and the tracking page. Afterwards the access log has every access, and the recording is silent
 * during the identity check.
 */
import t from 'tap'
import type { Page } from 'playwright-core'
import type { AccessLogPage, AccessLogQuestion } from '../../../src/http/journal/wire.ts'
import { Api } from '../../../tools/demo/api.ts'
import { cast } from '../../../tools/demo/fiscal/cast.ts'
import { DemoDocumentSystem } from '../../../tools/demo/documents/system.ts'
import { freePort } from '../../../src/stack/services/ports.ts'
import { openBrowser, openDesk, waitForState } from '../../support/browser/browser.ts'
import { testFiscal } from '../../support/city/fiscal.ts'
import { until } from '../../support/until.ts'
import { fillLamp, talk } from '../desk-steps.ts'
import { answer, search, townAccount } from './identity-steps.ts'
import { openScene } from '../scene.ts'

const caller = '0722000981'
const secret = `whsec_${Buffer.alloc(32, 3).toString('base64')}`
const statusSecret = `whsec_${Buffer.alloc(32, 4).toString('base64')}`

t.test('one call from the ring to the tracking page', { timeout: 1_500_000 }, async (t) => {
  const front = await freePort('127.0.0.1')
  const statusUrl = `http://127.0.0.1:${front}/api/documents/status`
  const documents = new DemoDocumentSystem({ secret, statusSecret, statusUrl })
  const port = await documents.listen()
  t.teardown(() => documents.close())
  const fiscal = await testFiscal(t)
  const scene = await openScene(t, {
    agents: 1,
    overrides: {
      HTTP_PORT: String(front),
      WRAP_UP_MS: '60000',
      TAX_DATABASE_URL: fiscal.url,
      DOCUMENTS_URL: `http://127.0.0.1:${port}/messages`,
      DOCUMENTS_FIND_URL: `http://127.0.0.1:${port}/find`,
      DOCUMENTS_SECRET: secret,
      DOCUMENTS_STATUS_SECRET: statusSecret,
    },
  })
  const { newContext } = await openBrowser(t, null)
  const desk = await openDesk(await newContext(), scene.linia.url, scene.linia.account('agent01'))
  await desk.keyboard.press('F4')
  await waitForState(desk, 'ready')
  const citizen = await talk(scene, desk, caller)

  await t.test('verify: correct answers open the account', async (t) => {
    const asked = await search(desk, 'owner')
    if (asked?.state !== 'asking') throw new Error(`not asked: ${JSON.stringify(asked)}`)
    await answer(desk, asked.questions, townAccount('owner'))
    await desk.locator('[data-object=all]').waitFor()
    t.match(await desk.locator('#pane-taxes').textContent(), new RegExp(townAccount('owner').name))
  })

  await t.test('consult: the debts, and an article', async (t) => {
    await desk.locator('#tax-tab-due').click()
    await desk.locator('#tax-section', { hasText: 'De plată azi' }).waitFor()
    t.match(await desk.locator('[data-read-out]').textContent(), /Situația la 24 noiembrie 2026\..* lei\./s)
    await desk.locator('#tab-papers').click()
    const found = desk.locator('[data-pane=papers]')
    await desk.keyboard.press('F2')
    await found.locator('[data-search]').fill('mi-am pierdut buletinul')
    await found.locator('li:first-child [data-paper=ci-pierdere]').waitFor()
    await desk.keyboard.press('Enter')
    await desk.locator('[data-aloud=ci-pierdere]').waitFor()
    t.match(await desk.locator('[data-aloud=ci-pierdere] [data-said]').textContent(), /^Aveți nevoie de/)
  })

  const { number, code } = await register(desk)
  t.match(number, /^CC 20\d\d – \d{3} \d{3}$/, 'the number to be read out')
  const id = number.replace(' – ', '-').replaceAll(' ', '')
  await until(() => documents.filing.requests.has(id))
  const filed = documents.filing.requests.get(id)
  t.match(filed?.content.text, /nu funcționează/, 'the document system has it during the call')

  const own = { ownNumber: filed?.ownNumber ?? '', ownDate: filed?.ownDate ?? '' }
  const moved = {
    request: id,
    version: 1,
    state: 'in progress',
    department: 'Serviciul Iluminat',
    ...own,
  } as const
  t.equal(await documents.tell(moved), 204)
  await t.test('the tracking page shows its status', async (t) => {
    const visitor = await (await newContext()).newPage()
    await visitor.goto(`${scene.linia.url}/urmarire`)
    await visitor.locator('input[name=number]').fill(number)
    await visitor.locator('input[name=code]').fill(code)
    await visitor.locator('button[type=submit]').click()
    await visitor.locator('[data-tracked="in progress"]').waitFor()
    t.match(await visitor.locator('main').textContent(), /Serviciul Iluminat/)
  })

  await t.test('the call ends: the account is closed, subject and resolution are proposed', async (t) => {
    await desk.keyboard.press('Shift+F8')
    t.equal((await citizen.ended).ending, 'line hung up')
    await waitForState(desk, 'wrap-up')
    t.equal(await desk.locator('[data-object]').count(), 0)
    t.notMatch(await desk.content(), new RegExp(townAccount('owner').name))
    await desk.keyboard.press('Control+Enter')
    await waitForState(desk, 'ready')
    const call = await scene.record(
      caller,
      ({ recording, wrapUp }) => recording === 'ready' && wrapUp !== null,
    )
    t.match(call, { outcome: 'answered', wrapUp: { subject: 'Iluminat public', resolution: 'registered' } })
    t.equal(call.manifest?.silenced.length, 1, 'the identity check is silenced')
  })

  await t.test('every access is in the access log, under this call', async (t) => {
    const auditor = new Api(scene.linia.url)
    await auditor.signIn(scene.linia.account('auditor01'))
    const [{ call } = { call: null }] = await accessesOf(auditor, { person: cast.owner.identifier })
    if (call === null) throw new Error('no access to this person is logged')
    const kinds = new Set((await accessesOf(auditor, { about: call })).map(({ kind }) => kind))
    const expected = ['person-search', 'question-set', 'section', 'paper', 'request'] as const
    t.strictSame(
      expected.filter((kind) => !kinds.has(kind)),
      [],
    )
  })
})

/** Registers the request, reads out number and code, and confirms by key that the caller heard them. */
async function register(desk: Page): Promise<{ readonly number: string; readonly code: string }> {
  await desk.locator('#tab-requests').click()
  await desk.locator('[data-action=new-request]').click()
  await fillLamp(desk)
  await desk.keyboard.press('Control+Enter')
  const words = desk.getByRole('region', { name: 'Cuvintele' })
  const said = async (what: string) => (await words.locator(`[data-spoken=${what}]`).textContent()) ?? ''
  const [number, code] = [await said('number'), await said('code')]
  await desk.keyboard.press('F7')
  await words.locator('[data-action=told]').waitFor({ state: 'detached' })
  return { number, code }
}

async function accessesOf(auditor: Api, question: AccessLogQuestion): Promise<AccessLogPage['items']> {
  const answer = await auditor.ask('POST', '/api/journal/looks', question)
  return ((await answer.json()) as AccessLogPage).items
}
