/**
 * All subjects in one call, by keyboard alone: an article, a registered request, its delivery to the document system and
 * the tracking page, identity check and account view, wrap-up. Afterwards the access log has every access, and the
 * recording is silent during the identity check.
 *
 * Each errand's keys and seconds are counted (docs/measurements/2026-11-29-errands.md). A screen that needs more keys than
 * the bound has become slower to work with.
 */
import t from 'tap'
import type { Page } from 'playwright-core'
import type { QuestionsAnswer } from '../../../src/http/identity/wire.ts'
import type { AccessLogPage, AccessLogQuestion } from '../../../src/http/journal/wire.ts'
import { freePort } from '../../../src/stack/services/ports.ts'
import { Api } from '../../../tools/demo/api.ts'
import { DemoDocumentSystem } from '../../../tools/demo/documents/system.ts'
import { cast } from '../../../tools/demo/fiscal/cast.ts'
import { saidBy } from '../../http/taxes/taxpayers.ts'
import { openBrowser, openDesk, waitForState } from '../../support/browser/browser.ts'
import { testFiscal } from '../../support/city/fiscal.ts'
import { until } from '../../support/until.ts'
import { talk } from '../desk-steps.ts'
import { openScene } from '../scene.ts'
import { checkAt, townAccount } from './identity-steps.ts'
import { Errand } from './errand.ts'

const caller = '0722000982'
const secret = `whsec_${Buffer.alloc(32, 3).toString('base64')}`
const statusSecret = `whsec_${Buffer.alloc(32, 4).toString('base64')}`
const settleMs = 500
const pressesMax = 10
/** The most keys that are not content, by errand. */
const commandsMax = { article: 4, pothole: 12, tax: 9, 'wrap-up': 3, 'due date': 0 }

t.test('five errands by keyboard, from the ring to the tracking page', { timeout: 1_500_000 }, async (t) => {
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
  const words = desk.getByRole('region', { name: 'Cuvintele' })
  await desk.keyboard.press('F4')
  await waitForState(desk, 'ready')
  const citizen = await talk(scene, desk, caller)
  await desk.waitForFunction(() => document.activeElement?.matches('[data-begins]') === true)

  async function errand(
    name: keyof typeof commandsMax,
    work: (errand: Errand) => Promise<void>,
  ): Promise<void> {
    await desk.waitForTimeout(settleMs)
    const errand = new Errand(desk)
    await work(errand)
    const { typed, commands, seconds } = errand.cost()
    t.comment(`${name}: ${typed} characters, ${commands} other keys, ${seconds} s`)
    t.ok(commands <= commandsMax[name], `${name}: ${commands} keys, at most ${commandsMax[name]}`)
  }

  await errand('article', async (errand) => {
    await errand.press('1')
    await errand.type('buletin pierdut')
    await errand.press('Enter')
    await desk.locator('[data-aloud=ci-pierdere]').waitFor()
    await readAll(desk, errand)
  })

  let [number, code] = ['', '']
  await errand('pothole', async (errand) => {
    await errand.press('Control+F8')
    await desk.locator('[data-request-form] [data-category]:focus').waitFor()
    await errand.type('groap')
    await errand.press('Enter')
    await errand.tabTo('[data-address=place] [data-street]')
    await errand.type('lucian b')
    await errand.press('Enter')
    await errand.press('Tab')
    await errand.type('12')
    await errand.tabTo('[data-text]')
    await errand.type('Groapă adâncă lângă trecerea de pietoni.')
    await errand.tabTo('[data-name]')
    await errand.type('Ștefan Țăranu')
    await errand.press('Control+Enter')
    const said = async (what: string) => (await words.locator(`[data-spoken=${what}]`).textContent()) ?? ''
    ;[number, code] = [await said('number'), await said('code')]
    await errand.press('F7')
    await words.locator('[data-action=told]').waitFor({ state: 'detached' })
  })

  await t.test('the document system has the request, and the tracking page its status', async (t) => {
    t.match(number, /^CC 20\d\d – \d{3} \d{3}$/, 'the number to be read out')
    const request = number.replace(' – ', '-').replaceAll(' ', '')
    await until(() => documents.filing.requests.has(request))
    const filed = documents.filing.requests.get(request)
    t.match(filed?.content.text, /trecerea de pietoni/, 'during the call')
    const own = { ownNumber: filed?.ownNumber ?? '', ownDate: filed?.ownDate ?? '' }
    const moved = { request, version: 1, state: 'in progress', department: 'Serviciul Drumuri' } as const
    t.equal(await documents.tell({ ...moved, ...own }), 204)
    const visitor = await (await newContext()).newPage()
    await visitor.goto(`${scene.linia.url}/urmarire`)
    await visitor.locator('input[name=number]').fill(number)
    await visitor.locator('input[name=code]').fill(code)
    await visitor.locator('button[type=submit]').click()
    await visitor.locator('[data-tracked="in progress"]').waitFor()
    const shown = await visitor.locator('main').textContent()
    t.match(shown, /Serviciul Drumuri/)
    t.notMatch(shown, /Țăranu|Blaga|pietoni/, 'nothing of its content')
    await visitor.context().close()
  })

  await errand('tax', async (errand) => {
    await errand.press('Control+F9')
    await checkAt(desk, 'search')
    await desk.locator('[name=name]:focus').waitFor()
    await errand.type(cast.owner.name)
    await errand.press('Enter')
    await errand.type(cast.owner.address)
    await errand.press('Enter')
    await errand.type(cast.owner.identifier)
    const asked = desk.waitForResponse((answer) => answer.url().endsWith('/api/identity/checks'))
    await errand.press('Enter')
    const answer = (await (await asked).json()) as QuestionsAnswer
    if (answer.state !== 'asking') throw new Error(`not asked: ${answer.state}`)
    for (const { id } of answer.questions) {
      await desk.locator('[data-question]').waitFor()
      await errand.type(saidBy(townAccount('owner'), id))
      await errand.press('Enter')
    }
    await desk.locator('#tax-tab-objects:focus').waitFor()
    await errand.press('ArrowRight')
    await errand.press('Enter')
    await desk.locator('#tax-section', { hasText: 'De plată azi' }).waitFor()
    await readAll(desk, errand)
  })
  t.match(await desk.locator('#pane-taxes').textContent(), new RegExp(townAccount('owner').name))

  await errand('wrap-up', async (errand) => {
    await errand.press('Shift+F8')
    t.equal((await citizen.ended).ending, 'line hung up')
    await waitForState(desk, 'wrap-up')
    await desk.locator('[data-wrap-up] input[type=radio]:focus').waitFor()
    await errand.press('1')
    await errand.press('Control+Enter')
    await waitForState(desk, 'ready')
  })
  t.equal(await desk.locator('[data-object]').count(), 0, 'the account is closed with the call')
  t.notMatch(await desk.content(), new RegExp(townAccount('owner').name))
  const { wrapUp, outcome, manifest } = await scene.record(
    caller,
    (call) => call.wrapUp !== null && call.recording === 'ready',
  )
  t.match(wrapUp, { subject: 'Groapă în carosabil', motivated: 'yes', resolution: 'registered' })
  t.equal(outcome, 'answered')
  t.equal(manifest?.silenced.length, 1, 'the identity check is silenced')

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

  await talk(scene, desk, caller)
  await errand('due date', async () => {
    const request = desk.locator('#pane-caller [data-shortlist=caller] button').first()
    await request.waitFor()
    t.match(await request.textContent(), /Groapă în carosabil.*zile.*până \d+ /s)
  })
  await desk.keyboard.press('Shift+F8')
  await waitForState(desk, 'wrap-up')
})

async function accessesOf(auditor: Api, question: AccessLogQuestion): Promise<AccessLogPage['items']> {
  const answer = await auditor.ask('POST', '/api/journal/looks', question)
  return ((await answer.json()) as AccessLogPage).items
}

/** Brings the whole text to be read out into sight, in parts where it is higher than the screen. */
async function readAll(desk: Page, errand: Errand): Promise<void> {
  for (let presses = 0; (await unseenOf(desk)) > 0; presses += 1) {
    if (presses > pressesMax) throw new Error('the text is never seen to its end')
    await errand.press((await errand.isAt('[data-zone]:last-of-type')) ? 'PageDown' : 'F6')
    await desk.waitForTimeout(settleMs)
  }
}

/** Pixels of the text to be read out below the part of its zone that can be seen. */
function unseenOf(page: Page): Promise<number> {
  return page.evaluate(() => {
    const zone = [...document.querySelectorAll('[data-zone]')].at(-1)
    const texts = [...(zone?.querySelectorAll('[data-aloud] p, [data-read-out=true] p') ?? [])]
    if (texts.length === 0) throw new Error('nothing is read out')
    const end = Math.max(...texts.map((text) => text.getBoundingClientRect().bottom))
    // The row of the button that saves stays at the bottom of the zone.
    const seen = zone?.querySelector('[data-action=save]')?.parentElement?.getBoundingClientRect().top ?? 0
    return Math.max(0, Math.round(end - seen))
  })
}
