/**
 * Articles and notices: searched at the desk, opened, read out, recorded with the call; and an editor's new version. Their
 * screens (`checkScreen`), no layout shift while typing, contrast of 7:1 for texts to be read out.
 */
import t from 'tap'
import { articleFields } from '../../../src/ui/knowledge/draft.ts'
import { tone } from '../../support/sip/audio.ts'
import { openBrowser, openDesk, openSignedIn, pickUp, waitForState } from '../../support/browser/browser.ts'
import { checkScreen, office } from '../../support/browser/screen.ts'
import { until } from '../../support/until.ts'
import { readOutBox } from '../read-out-box.ts'
import { openScene } from '../scene.ts'
import {
  answered,
  contrastOf,
  fieldOrder,
  givesUp,
  importChanged,
  keptNotice,
  lost,
  missedSearch,
  placesOf,
  publish,
  saysWhyNot,
} from './knowledge-steps.ts'

const caller = '0722000961'

t.test(
  'an article is searched, opened, read out and recorded with the call',
  { timeout: 1_500_000 },
  async (t) => {
    const scene = await openScene(t, { overrides: { WRAP_UP_MS: '60000' } })
    const mine = 'Se sună înapoi: cine a lăsat ieri un număr e sunat azi, până la prânz.'
    const texts = { article: 'Ghișeul 5 e închis azi.', mine, other: 'Numai la alții.' }
    await publish(scene, texts)
    const { newContext } = await openBrowser(t, null)
    const context = await newContext()
    await context.grantPermissions(['microphone', 'notifications', 'clipboard-read', 'clipboard-write'])
    const desk = await openDesk(context, scene.linia.url, scene.linia.account('agent01'))
    await desk.keyboard.press('F4')
    await waitForState(desk, 'ready')

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

    await t.test('a notice is one line, whole on hover and focus', async () => {
      const notice = desk.locator('details[data-notices-of] summary')
      const whole = desk.locator('[role=tooltip]', { hasText: 'e sunat azi, până la prânz' })
      await notice.hover()
      await whole.waitFor()
      await desk.mouse.move(0, 0)
      await whole.waitFor({ state: 'detached' })
      await notice.focus()
      await desk.keyboard.press('Shift+Tab')
      await desk.keyboard.press('Tab')
      await whole.waitFor()
      // Open, the text is below.
      await desk.keyboard.press('Enter')
      await whole.waitFor({ state: 'detached' })
      await desk.keyboard.press('Enter')
    })
    await desk.locator('#tab-papers').click()

    await t.test('an article is found, opened and read out', async (t) => {
      const places = await placesOf(desk)
      await desk.keyboard.press('F2')
      await desk.keyboard.type('mi-am pierdut buletinul')
      t.strictSame(await placesOf(desk), places, 'no layout shift while typing')
      // Enter before the results arrive: the first one opens when they do.
      await answered(desk, /\/openings$/, () => desk.keyboard.press('Enter'))
      await desk.locator(`li:first-child [data-paper=${lost}]`).waitFor()
      await desk.locator(`[data-article="${lost}@1"]`).waitFor()
      const said = desk.locator(`[data-aloud=${lost}]`)
      await said.waitFor()
      await checkScreen(t, desk, 'papers-talking')
      t.equal(
        (await placesOf(desk)).at(-1),
        places.at(-1),
        'the notes yield to the article; the button stays',
      )
      for (const colorScheme of ['light', 'dark'] as const) {
        await desk.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
        for (const read of ['[data-aloud] p', '[data-article] td', '[data-article] dd'])
          t.ok((await contrastOf(desk, read)) >= 7, `${read} can be read aloud in ${colorScheme}`)
      }
      t.match(
        await said.locator('[data-said]').textContent(),
        /^Aveți nevoie de:certificatul de naștere, în original și în copie;/,
      )
      t.match(await said.textContent(), /Taxa: 7 lei/)
      await desk.keyboard.press('F10')
      t.match(await said.textContent(), /Taxa: șapte lei/, 'F10: in words')
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
      await desk.locator('[data-peek=trail]').click()
      await desk.locator('[data-panel=trail] li', { hasText: 'Carte de identitate: pierdere' }).waitFor()
      await desk.keyboard.press('Escape')
      await desk.locator('[data-panel=trail]').waitFor({ state: 'detached' })
    })

    await t.test('a notice shows on what it concerns, during the call too', async (t) => {
      t.match(
        await desk.locator(`[data-aloud=${lost}]`).textContent(),
        new RegExp(`^${texts.article}.*Aveți nevoie de:`),
        'above what is to be said',
      )
      t.match(await desk.locator('[data-article]').textContent(), new RegExp(texts.article))
      const line = desk.locator('[data-zone] details[data-notices-of]')
      t.match(await line.locator('summary').textContent(), /Se sună înapoi.*încă un anunț/)
      t.equal(await line.locator('li').first().isVisible(), false, 'one line')
      const height = (await line.boundingBox())?.height ?? 0
      t.ok(height > 0 && height < 32, `one line, ${height} px`)
      await line.locator('summary').focus()
      await desk.keyboard.press('Enter')
      t.equal(await line.locator('li').first().isVisible(), true, 'opened by key')
      t.match(await line.textContent(), /Strada Oituz/, 'a notice that names nothing is for everybody')
      t.notMatch(await desk.locator('[data-zone]').last().textContent(), new RegExp(texts.other))
      await desk.keyboard.press('Enter')
    })

    await t.test('a request is offered; what another institution handles says so', async (t) => {
      await desk.keyboard.press('F2')
      await desk.keyboard.type('bec')
      await desk.locator('[data-offered=street-lighting]').waitFor()
      await checkScreen(t, desk, 'papers-offered')
      await desk.keyboard.press('F2')
      await desk.keyboard.type('pasaprot')
      await desk.locator('[data-paper=pasaport] [data-elsewhere]', { hasText: 'Nu e la noi' }).waitFor()
      await answered(desk, /pasaport\/openings$/, () => desk.keyboard.press('Enter'))
      await desk.locator('[data-article="pasaport@1"] [data-elsewhere]').waitFor()
      await desk.locator('[data-aloud] p', { hasText: 'Pentru pașaport vă adresați la Serviciul' }).waitFor()
      await checkScreen(t, desk, 'papers-elsewhere')
      // Elsewhere: not resolved at once.
      await desk.locator('label[data-proposed=true]', { hasText: 'Îndrumat' }).waitFor()
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

    const author = await (await newContext()).newPage()
    await author.goto(scene.linia.url)
    const roles = author.locator('[aria-labelledby=demo] button')
    await roles.nth(4).waitFor()
    t.equal(
      await author.evaluate(() => document.documentElement.scrollHeight),
      office.height,
      'five roles fit the page of the sign-in',
    )
    await roles.nth(4).click()
    const reader = await openSignedIn(await newContext(), scene.linia.url, scene.linia.account('editor02'))

    await t.test('an editor’s unsent change comes back after a reload, and is sent as a draft', async (t) => {
      await author.locator('[data-papers-search]').waitFor()
      t.equal(new URL(author.url()).pathname, '/papers')
      t.equal(await author.locator('header nav a').count(), 1, 'an editor sees no calls')
      await author.locator('[data-paper]').first().waitFor()
      await checkScreen(t, author, 'papers-page')
      await answered(author, /\/api\/papers\?.*buletin/, () =>
        author.locator('[data-papers-search]').fill('am pierdut buletinul'),
      )
      await author.locator(`[data-paper=${lost}] a`).click()
      await author.locator('[data-action=edit]').click()
      const fee = author.locator('input[name=fee]')
      await fee.waitFor()
      const required = ['Titlu *', 'Domeniu *', 'Taxă *', 'Termen *', 'Unde *', 'Program *']
      t.strictSame(
        await author.locator('label:has([aria-hidden])').allTextContents(),
        [...required, 'Adresa sursei *', 'Valabilă din *', 'Verificată cu sursa la *'],
        'required fields are marked',
      )
      await fee.fill('')
      await author.locator('[data-action=save-paper]').click()
      await author.locator('input[name=fee][aria-invalid=true]:focus').waitFor()
      await checkScreen(t, author, 'paper-editor')
      t.strictSame(
        await fieldOrder(author),
        articleFields.filter((field) => field !== 'id'),
        'the first wrong field gets the focus, and the changes are listed, in the order of the form',
      )
      await givesUp(t, author)
      await fee.fill('')
      await author.locator('[data-action=save-paper]').click()
      await author.locator('input[name=fee][aria-invalid=true]:focus').waitFor()
      await fee.fill('77 lei')
      t.equal(await author.locator('[aria-invalid=true]').count(), 0, 'the sentence goes once it is mended')
      await author.locator('[data-action=add-need]').click()
      await author.locator('[data-need]').last().locator('input').first().fill('Chitanța')
      await author.locator('header nav a').click()
      await author.locator('[data-papers-search]').waitFor()
      await author.goBack()
      await author.locator('[data-brought-back]').waitFor()
      await author.reload()
      await author.locator('[data-brought-back]').waitFor()
      t.equal(await fee.inputValue(), '77 lei')
      t.equal(await author.locator('[data-need]').last().locator('input').first().inputValue(), 'Chitanța')
      await answered(author, /\/versions$/, () => author.locator('[data-action=save-paper]').click())
      await author.locator('[data-draft-page]').waitFor()
      t.equal(
        await author.locator('[data-action=publish-draft]').count(),
        0,
        'its author does not publish it',
      )
    })

    await t.test(
      'another editor reads what changes and publishes it; the versions are compared',
      async (t) => {
        await reader.locator('[data-shown=drafts]').click()
        await reader.locator('[data-draft]').nth(1).waitFor()
        await checkScreen(t, reader, 'papers-drafts')
        await reader.locator('[data-draft] a', { hasText: 'pierdere' }).click()
        const changed = reader.locator('[data-changed]')
        await changed.first().waitFor()
        t.strictSame(
          await changed.evaluateAll((rows) => rows.map((row) => row.getAttribute('data-changed'))),
          ['needs', 'fee'],
        )
        t.match(await reader.locator('[data-changed=fee] ins').allTextContents(), ['77'])
        await checkScreen(t, reader, 'paper-draft')
        await reader.locator('[data-action=return-draft]').click()
        await saysWhyNot(t, reader, '[data-action=send-back]', '[data-return-reason]')
        await reader.locator('[data-return-reason]').fill('Lipsește numărul hotărârii.')
        await answered(reader, /\/return$/, () => reader.locator('[data-action=send-back]').click())
        await author.reload()
        await author.locator('[data-returned]', { hasText: 'Lipsește numărul hotărârii.' }).waitFor()
        await author.locator('[data-action=edit-draft]').click()
        await author.locator('[data-need]').last().locator('input').first().fill('Chitanța (HCL 7/2026)')
        await answered(author, /\/versions$/, () => author.locator('[data-action=save-paper]').click())
        await author.locator('[data-returned]').waitFor({ state: 'detached' })
        await reader.reload()
        await reader.locator('[data-draft] a', { hasText: 'pierdere' }).click()
        await reader.locator('[data-changed=needs]', { hasText: 'HCL 7/2026' }).waitFor()
        await answered(reader, /\/publish$/, () => reader.locator('[data-action=publish-draft]').click())
        await reader.locator(`[data-article="${lost}@2"]`).waitFor()
        t.match(await reader.locator('article').textContent(), /77 lei/)
        await reader.locator('[data-version]').nth(1).waitFor()
        t.match(await reader.locator('[data-version="2"]').textContent(), /de .* · publicată de /)
        await reader.locator('[data-compare="1"]').click()
        await reader.locator('[data-comparison="1-2"] [data-changed=fee] del').first().waitFor()
      },
    )

    await t.test('a draft of an article that has changed meanwhile is not sent without a word', async (t) => {
      const late = 'casatorie-depunere'
      await author.goto(`${scene.linia.url}/papers/${late}/edit`)
      await author.locator('input[name=fee]').fill('88 lei')
      await answered(author, /\/versions$/, () => author.locator('[data-action=save-paper]').click())
      await author.locator('[data-draft-page]').waitFor()
      await importChanged(scene.linia.databaseUrl, late, 'Luni, 8–12')
      await author.reload()
      await author.locator('[data-late]', { hasText: 'versiunea 2' }).waitFor()
      await author.locator('[data-changed=hours]').waitFor()
      await author.locator('[data-action=edit-draft]').click()
      const line = author.locator('[data-brought-back]', { hasText: 'înaintea versiunii 2' })
      await line.waitFor()
      t.equal(await line.locator('[data-action=discard-kept]').count(), 0, 'nothing is typed yet')
      await author.locator('[data-action=save-paper]').click()
      await author.locator('[role=alert]', { hasText: 'a publicat o versiune nouă' }).waitFor()
      await line.locator('[data-action=rebase]').click()
      await line.waitFor({ state: 'detached' })
      await author.locator('input[name=hours]').fill('Luni, 8–12')
      await answered(author, /\/versions$/, () => author.locator('[data-action=save-paper]').click())
      await author.locator('[data-draft-page]').waitFor()
      await author.locator('[data-late]').waitFor({ state: 'detached' })
      await author.locator('[data-changed=fee]').waitFor()
      t.equal(await author.locator('[data-changed]').count(), 1, 'the newer version’s hours stay')
    })

    await t.test('an article found unchanged at its source is confirmed at once, as of today', async (t) => {
      await author.goto(`${scene.linia.url}/papers/terasa-sezoniera/edit`)
      const confirm = author.locator('[data-action=confirm-paper]')
      const fee = author.locator('input[name=fee]')
      const before = await fee.inputValue()
      await fee.fill('66 lei')
      t.equal(await confirm.isDisabled(), true, 'not while a change is typed, which would be lost')
      await fee.fill(before)
      await answered(author, /\/versions$/, () => confirm.click())
      await author.locator('[data-article="terasa-sezoniera@2"]').waitFor()
      const format = { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'Europe/Bucharest' } as const
      const day = new Intl.DateTimeFormat('ro', format).format()
      t.match(await author.locator('article').textContent(), `verificată ${day}`)
    })

    await t.test('a retired article is not found, opens with a mark, and is brought back', async (t) => {
      const found = reader.locator('[data-paper=ci-provizorie]')
      const search = async (): Promise<void> => {
        await reader.goto(`${scene.linia.url}/papers`)
        await answered(reader, /\/api\/papers\?.*provizorie/, () =>
          reader.locator('[data-papers-search]').fill('carte de identitate provizorie'),
        )
      }
      await search()
      await found.locator('a').click()
      await reader.locator('[data-action=retire]').click()
      await saysWhyNot(t, reader, '[data-action=retire-now]', '[data-retire-reason]')
      const reason = reader.locator('[data-retire-reason]')
      await reason.fill('Nu se mai eliberează')
      await answered(reader, /\/retirement$/, () => reason.press('Enter'))
      await reader.locator('[data-retired]', { hasText: 'Nu se mai eliberează' }).waitFor()
      await checkScreen(t, reader, 'paper-page, retired')
      await search()
      await reader.locator('tr[data-paper]').first().waitFor()
      t.equal(await found.count(), 0)
      await reader.locator('[data-shown=due]').click()
      const retired = reader.locator('[data-retired-paper=ci-provizorie] a')
      await retired.waitFor()
      await checkScreen(t, reader, 'papers-due')
      await retired.click()
      await answered(reader, /\/retirement$/, () => reader.locator('[data-action=bring-back]').click())
      await reader.locator('[data-action=retire]').waitFor()
      await search()
      await found.waitFor()
    })

    await t.test('what an agent did not find becomes an article or a synonym', (t) =>
      missedSearch(t, desk, reader, scene.linia.url),
    )

    await t.test('a notice is kept while it is written, and says what it concerns', (t) =>
      keptNotice(t, reader),
    )

    await t.test('the desk shows no article of the previous caller', async (t) => {
      await desk.locator('[data-article]').waitFor({ state: 'detached' })
      t.equal(await desk.locator('[data-aloud]').count(), 0)
    })

    await t.test('the call’s page opens the version of that day', async (t) => {
      await desk.goto(`${scene.linia.url}/calls/${encodeURIComponent(call.id)}`)
      const links = desk.locator('section[aria-labelledby=papers] a')
      await links.first().waitFor()
      t.equal(await links.count(), 3)
      await links.first().click()
      await desk.locator(`[data-article="${lost}@1"]`).waitFor()
      const text = await desk.locator('article').textContent()
      t.match(text, /Versiune veche: azi e în vigoare versiunea 2/)
      t.notMatch(text, /77 lei/)
    })
  },
)
