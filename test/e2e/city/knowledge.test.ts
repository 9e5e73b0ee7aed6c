/** Articles at the desk: searched, opened, read out, recorded with the call; and an editor's new version. */
import t from 'tap'
import type { Page } from 'playwright-core'
import { Api } from '../../../tools/demo/api.ts'
import { tone } from '../../support/sip/audio.ts'
import { openBrowser, openDesk, openSignedIn, pickUp, waitForState } from '../../support/browser/browser.ts'
import { until } from '../../support/until.ts'
import { readOutBox } from '../read-out-box.ts'
import { openScene, type Scene } from '../scene.ts'

const caller = '0722000961'
const lost = 'ci-pierdere'

/** Runs `work` and returns the response that it causes. */
async function answered(page: Page, path: RegExp, work: () => Promise<unknown>): Promise<void> {
  const answer = page.waitForResponse((response) => path.test(response.url()) && response.ok())
  await work()
  await answer
}

/** A notice about the lost identity card, one about the callers' queue, and one about another queue. */
async function publish(
  scene: Scene,
  texts: { readonly article: string; readonly mine: string; readonly other: string },
): Promise<void> {
  const editor = new Api(scene.linia.url)
  await editor.signIn(scene.linia.account('editor01'))
  const { items } = await editor.get<{ items: { id: string }[] }>('/api/queues')
  const [mine, other] = items.map(({ id }) => id)
  for (const body of [
    { text: texts.article, articles: [lost] },
    { text: texts.mine, queues: [mine] },
    { text: texts.other, queues: [other] },
  ])
    await editor.ask('POST', '/api/notices', { ...body, from: '2020-01-01', to: '2099-12-31' })
}

t.test(
  'an article is searched, opened, read out and recorded with the call',
  { timeout: 280_000 },
  async (t) => {
    const scene = await openScene(t, { overrides: { WRAP_UP_MS: '60000' } })
    const texts = { article: 'Ghișeul 5 e închis azi.', mine: 'Se sună înapoi.', other: 'Numai la alții.' }
    await publish(scene, texts)
    const { newContext } = await openBrowser(t, null)
    const context = await newContext()
    await context.grantPermissions(['microphone', 'notifications', 'clipboard-read', 'clipboard-write'])
    const desk = await openDesk(context, scene.linia.url, scene.linia.account('agent01'))
    await desk.keyboard.press('F4')
    await waitForState(desk, 'ready', 20_000)

    await t.test('tabs are switched by keys, and typed text stays', async (t) => {
      const open = () => desk.locator('[role=tab][aria-selected=true]').getAttribute('id')
      t.equal(await open(), 'tab-caller')
      await desk.keyboard.press('Shift+F2')
      await desk.locator('[data-pane=papers] [data-search]:focus').waitFor()
      t.equal(await open(), 'tab-papers')
      await desk.keyboard.type('buletin')
      await desk.keyboard.press('F6')
      await desk.keyboard.press('F2')
      await desk.locator('[data-pane=papers] [data-search]:focus').waitFor()
      t.equal(await desk.locator('[data-pane=papers] [data-search]').inputValue(), 'buletin')
      await desk.locator('#tab-papers').focus()
      await desk.keyboard.press('ArrowLeft')
      t.equal(await open(), 'tab-caller')
      await desk.keyboard.press('ArrowRight')
      t.equal(await open(), 'tab-papers')
    })

    const citizen = await scene.town.call({ callerId: caller, speech: tone(800) })
    await pickUp(desk)
    t.equal(
      await desk.locator('[role=tab][aria-selected=true]').getAttribute('id'),
      'tab-caller',
      'an answered call opens the caller’s page',
    )
    await desk.locator('#tab-papers').click()

    await t.test('an article is found, opened and read out', async (t) => {
      await desk.keyboard.press('F2')
      await answered(desk, /\/api\/papers\?.*pierdut/, () =>
        desk.locator('[data-pane=papers] [data-search]').fill('mi-am pierdut buletinul'),
      )
      await desk.locator(`li:first-child [data-paper=${lost}]`).waitFor()
      await answered(desk, /\/openings$/, () => desk.keyboard.press('Enter'))
      await desk.locator(`[data-article="${lost}@1"]`).waitFor()
      const said = desk.locator(`[data-aloud=${lost}]`)
      await said.waitFor()
      t.match(
        await said.locator('[data-said]').textContent(),
        /^Aveți nevoie de:certificatul de naștere, în original și în copie;/,
      )
      t.match(await said.textContent(), /Taxa: 7 lei/)
      await desk.keyboard.press('F10')
      t.match(await said.textContent(), /Taxa: șapte lei/)
      const box = await readOutBox(desk)
      t.strictSame(box, { cut: [], sizes: [18], saves: true, noteRows: 3 }, 'an article is read out whole')
      await desk.locator('[data-notes]').fill('unu\ndoi\ntrei\npatru\ncinci')
      t.equal((await readOutBox(desk)).noteRows, 5, 'notes grow with their text')
      await desk.locator('[data-notes]').fill('')
      await desk.locator('[data-copy=text]').click()
      await until(async () =>
        /copiat/.test((await desk.locator('[data-article] output').textContent()) ?? ''),
      )
      t.match(await desk.evaluate(() => navigator.clipboard.readText()), /acte\/ci-pierdere$/)
      await desk.locator('ol li', { hasText: 'Carte de identitate: pierdere' }).waitFor()
    })

    await t.test('a notice shows on what it concerns, during the call too', async (t) => {
      t.match(
        await desk.locator(`[data-aloud=${lost}]`).textContent(),
        new RegExp(`^${texts.article}.*Aveți nevoie de:`),
        'above what is to be said',
      )
      t.match(await desk.locator('[data-article]').textContent(), new RegExp(texts.article))
      const line = desk.locator('[data-zone] details[data-notices-of]')
      t.match(await line.locator('summary').textContent(), new RegExp(`${texts.mine}.*încă un anunț`))
      t.equal(await line.locator('li').first().isVisible(), false, 'one line')
      const height = (await line.boundingBox())?.height ?? 0
      t.ok(height > 0 && height < 32, `one line, ${height} px`)
      await line.locator('summary').focus()
      await desk.keyboard.press('Enter')
      t.equal(await line.locator('li').first().isVisible(), true, 'opened by key')
      t.match(await line.textContent(), /Strada Oituz/, 'a notice that names nothing is for everybody')
      t.notMatch(await desk.locator('[data-zone]').last().textContent(), new RegExp(texts.other))
    })

    await t.test('the palette opens an article', async (t) => {
      await desk.keyboard.press('Control+k')
      await desk.locator('[role=dialog] input').fill('certificat de urbanism')
      await desk.locator('[role=dialog] li button', { hasText: 'Certificat de urbanism' }).first().waitFor()
      await answered(desk, /certificat-urbanism\/openings$/, () => desk.keyboard.press('Enter'))
      await desk.locator('[data-article="certificat-urbanism@1"]').waitFor()
      t.equal(await desk.locator('[role=dialog]').count(), 0)
    })

    // The subject is proposed from the last action, once that is recorded.
    await until(async () => /Certificat de urbanism/.test(await desk.locator('[data-subject]').inputValue()))
    await desk.keyboard.press('Shift+F8')
    await waitForState(desk, 'wrap-up')
    t.equal(await desk.locator('label[data-proposed=true]').count(), 1, 'the resolution is proposed too')
    await desk.keyboard.press('Control+Enter')
    await desk.locator('[data-state="wrap-up"]').waitFor({ state: 'detached' })
    await citizen.ended

    const call = await scene.record(caller, ({ wrapUp, outcome }) => wrapUp !== null && outcome !== null)
    t.match(call.wrapUp, {
      subject: 'Certificat de urbanism',
      resolution: 'on the spot',
      motivated: 'unstated',
    })

    await t.test('after an editor’s new version the call still shows the version read out', async (t) => {
      const page = await openSignedIn(await newContext(), scene.linia.url, scene.linia.account('editor01'))
      await page.locator('[data-papers-search]').waitFor()
      t.equal(new URL(page.url()).pathname, '/papers')
      t.equal(await page.locator('header nav a').count(), 1, 'an editor sees no calls')
      await answered(page, /\/api\/papers\?.*buletin/, () =>
        page.locator('[data-papers-search]').fill('am pierdut buletinul'),
      )
      await page.locator(`[data-paper=${lost}] a`).click()
      await page.locator('[data-action=edit]').click()
      await page.locator('input[name=fee]').fill('77 lei')
      await page.locator('[data-action=add-need]').click()
      await page.locator('[data-need]').last().locator('input').first().fill('Chitanța')
      await answered(page, /\/versions$/, () => page.locator('[data-action=save-paper]').click())
      await page.locator(`[data-article="${lost}@2"]`).waitFor()
      t.match(await page.locator('article').textContent(), /77 lei/)
      t.equal(await page.locator('[data-version]').count(), 2)
    })

    await t.test('the call’s page opens the version of that day', async (t) => {
      const page = await (await newContext()).newPage()
      await page.goto(scene.linia.url)
      await page.locator('[aria-labelledby=demo] button').nth(1).click()
      await page.locator('header nav').waitFor()
      await page.goto(`${scene.linia.url}/calls/${encodeURIComponent(call.id)}`)
      const links = page.locator('section[aria-labelledby=papers] a')
      await links.first().waitFor()
      t.equal(await links.count(), 2)
      await links.first().click()
      await page.locator(`[data-article="${lost}@1"]`).waitFor()
      const text = await page.locator('article').textContent()
      t.match(text, /Versiune veche: azi e în vigoare versiunea 2/)
      t.notMatch(text, /77 lei/)
    })

    await t.test('the desk shows no article of the previous caller', async (t) => {
      await desk.locator('[data-article]').waitFor({ state: 'detached' })
      t.equal(await desk.locator('[data-aloud]').count(), 0)
    })
  },
)
