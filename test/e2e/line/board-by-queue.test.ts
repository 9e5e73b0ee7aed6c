/** The board of one queue: its callers, the agents who serve it, and its figures. The choice is in the address. */
import t from 'tap'
import type { SkillMatrix } from '../../../src/http/skills/wire.ts'
import { Api } from '../../../tools/demo/api.ts'
import { openBrowser, openSignedIn } from '../../support/browser/browser.ts'
import { checkScreen } from '../../support/browser/screen.ts'
import { tone } from '../../support/sip/audio.ts'
import { until } from '../../support/until.ts'
import { tabTo } from '../city/configuration-steps.ts'
import { publish } from '../publish.ts'
import { openScene } from '../scene.ts'

const general = '0722000981'
const taxes = '0722000982'

t.test('a supervisor looks at one queue', { timeout: 1_500_000 }, async (t) => {
  const scene = await openScene(t, { agents: 2 })
  const { linia } = scene
  const administrator = new Api(linia.url)
  await administrator.signIn(linia.account('admin01'))
  await publish(administrator, ({ numbers, queues, ...document }) => ({
    ...document,
    numbers: [...numbers, { number: '0256969100', also: [], name: 'Direcția fiscală', queue: 'taxe' }],
    queues: queues.map((one) => (one.id === 'taxe' ? { ...one, skill: 'fiscal' } : one)),
  }))
  const ana = await scene.deskAgent('agent01', { ready: false })
  await scene.deskAgent('agent02', { ready: false })
  const { agents } = await scene.board.get<SkillMatrix>('/api/skills')
  const seen = agents.find(({ id }) => id === ana.id)
  await scene.board.ask('PUT', '/api/skills', {
    agents: [{ id: ana.id, basedOn: seen?.version, levels: { fiscal: 5 } }],
    reason: 'lucrează la taxe',
  })
  const { newContext } = await openBrowser(t, null)
  const page = await openSignedIn(await newContext(), linia.url, linia.account('supervisor01'))
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  const waiting = page.locator('[aria-labelledby=waiting] [data-call]')
  const working = () =>
    page.locator('[data-agent]').evaluateAll((rows) => rows.map((row) => row.getAttribute('data-agent')))
  const choice = page.locator('select[data-queue-choice]')
  /** In all half-hours of the course of the day that is shown. */
  const entered = () =>
    page
      .locator('[data-trend] tbody tr td:nth-of-type(1)')
      .evaluateAll((cells) => cells.reduce((sum, cell) => sum + Number(cell.textContent), 0))
  const dial = (callerId: string, number: string) =>
    scene.town.call({ callerId, number, speech: tone(800), patienceMs: 900_000 })
  const citizens = [await dial(general, '969'), await dial(taxes, '0256969100')]
  await until(async () => (await waiting.count()) === 2)

  await t.test('it is chosen by keyboard, and shows its own', async (t) => {
    await tabTo(page, '[data-queue-choice]')
    await page.keyboard.press('T')
    await until(async () => (await choice.inputValue()) === 'taxe')
    await until(async () => (await waiting.count()) === 1)
    t.match(page.url(), /\/board\?queue=taxe$/)
    t.match(await waiting.first().textContent(), '0722 000 982')
    await until(async () => (await working()).join() === ana.id)
    t.equal(await page.locator('[data-strip=waiting] strong').textContent(), '1')
    await until(async () => (await entered()) === 1)
    t.equal(await page.locator('[data-queues] tbody tr').count(), 2, 'the other one stays one key away')
    await checkScreen(t, page, 'board, one queue')
  })

  await t.test('the address keeps it, and the wallboard has it too', async (t) => {
    await page.reload()
    await until(async () => (await waiting.count()) === 1)
    await page.goto(`${linia.url}/board/wall?queue=taxe`)
    await page.locator('[data-figure=waiting] dd', { hasText: '1' }).waitFor()
    t.equal(await page.getByRole('heading', { level: 1 }).textContent(), 'Taxe și impozite')
    t.match(await page.locator('[aria-labelledby=wall-line]').textContent(), /Rândul\D*\d\d:\d\d/)
    await until(async () => (await entered()) === 1)
    await checkScreen(t, page, 'wallboard, one queue')
    await page.getByRole('link').last().click()
    await page.waitForURL('**/board?queue=taxe')
  })

  await t.test('its name in the table of queues leads to the whole line again', async (t) => {
    const name = page.locator('[data-queues] [data-queue=taxe] a')
    t.equal(await name.getAttribute('aria-current'), 'true')
    await name.click()
    await until(async () => (await waiting.count()) === 2)
    await until(async () => (await entered()) === 2)
    t.equal(await choice.inputValue(), '')
    await page.goto(`${linia.url}/board?queue=nicio-coada`)
    await until(async () => (await waiting.count()) === 2)
    t.pass('a queue that is not there is the whole line')
  })
  for (const citizen of citizens) citizen.hangUp()
  await Promise.all(citizens.map(({ ended }) => ended))
  t.same(errors, [])
})
