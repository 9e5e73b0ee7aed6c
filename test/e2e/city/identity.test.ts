/**
 * Identity check and account view with a SIP caller, an agent in Chromium and the demo's fiscal database. No expected
 * answer crosses the network, and the recording is silent during the check.
 */
import t from 'tap'
import type { Locator, Page } from 'playwright-core'
import { cast } from '../../../tools/demo/fiscal/cast.ts'
import type { QuestionsAnswer } from '../../../src/http/identity/wire.ts'
import { secretsOf, reveals } from '../../http/taxes/taxpayers.ts'
import { loudness } from '../../support/sip/audio.ts'
import { consoleErrors } from '../../support/browser/console.ts'
import { checkScreen } from '../../support/browser/screen.ts'
import { bursts, openBrowser, openDesk, openSignedIn, waitForState } from '../../support/browser/browser.ts'
import { testFiscal } from '../../support/city/fiscal.ts'
import { until } from '../../support/until.ts'
import { talk } from '../desk-steps.ts'
import { openScene, recordingOf } from '../scene.ts'
import { answer, checkAt, search, townAccount } from './identity-steps.ts'
import { fleetView, ownersView } from './taxes-steps.ts'

const agentTone = 600

const look = (page: Page, name: string) => checkScreen(t, page, name)

const gate = (page: Page): Locator => page.locator('[data-check]')

t.test('call, verify, consult', { timeout: 1_500_000 }, async (t) => {
  const fiscal = await testFiscal(t)
  const overrides = { WRAP_UP_MS: '1000', TAX_DATABASE_URL: fiscal.url }
  const scene = await openScene(t, { agents: 1, overrides })
  const { newContext } = await openBrowser(t, bursts(agentTone))
  const context = await newContext()
  const page = await openDesk(context, scene.linia.url, scene.linia.account('agent01'))
  const errors = consoleErrors(context)
  const bodies: Promise<string>[] = []
  const addresses: string[] = []
  page.on('response', (response) => {
    addresses.push(response.url())
    if (!response.url().includes('/api/identity')) return
    bodies.push(response.text().catch(() => ''))
  })
  await page.keyboard.press('F4')
  await waitForState(page, 'ready')

  await t.test('correct answers open the account; hanging up closes it', async (t) => {
    const account = townAccount('owner')
    const citizen = await talk(scene, page, '0722000971')
    await page.locator('#tab-taxes').click()
    await checkAt(page, 'search')
    await look(page, 'identity-search')
    const asked = await search(page, 'owner')
    if (asked?.state !== 'asking') throw new Error(`not asked: ${JSON.stringify(asked)}`)
    await checkAt(page, 'asking')
    await look(page, 'identity-question')
    await answer(page, asked.questions, account)
    await gate(page).waitFor({ state: 'detached' })
    // It takes seconds, in which the recording must keep the talk. The minute before the search is silent in any case.
    await ownersView(t, page)
    await page.keyboard.press('Shift+F8')
    t.equal((await citizen.ended).ending, 'line hung up')
    await checkAt(page, 'no call')
    t.equal(await page.locator('[data-object]').count(), 0)
    t.notMatch(await page.content(), new RegExp(account.name), 'the account is gone from the page')
    t.notMatch(await page.content(), /Gheorghe Lazăr|Situația la/, 'and so is all of its data')
    const call = await scene.record('0722000971', ({ recording }) => recording === 'ready')
    const [silence] = call.manifest?.silenced ?? []
    if (silence === undefined) throw new Error('the check is not marked')
    const { rate, channels } = await recordingOf(t, scene.board, call.id)
    const [heard = new Int16Array()] = channels
    const at = (ms: number) => Math.round((ms * rate) / 1_000)
    const inside = heard.subarray(at(silence.offsetMs + 200), at(silence.offsetMs + silence.durationMs - 200))
    t.ok(inside.length > rate, 'the silenced part lasts some seconds')
    t.ok(loudness(inside) < 0.001, 'the silenced part is silent')
    const after = heard.subarray(at(silence.offsetMs + silence.durationMs + 300))
    t.ok(after.length > rate && loudness(after) > 0.01, 'the talk after it is not silent')
  })

  await t.test('a fleet of 400: arrow keys move, the search finds a plate', async (t) => {
    const citizen = await talk(scene, page, '0722000979')
    const asked = await search(page, 'fleet')
    if (asked?.state !== 'asking') throw new Error(`not asked: ${JSON.stringify(asked)}`)
    await answer(page, asked.questions, townAccount('fleet'))
    await gate(page).waitFor({ state: 'detached' })
    await page.reload()
    await waitForState(page, 'talking')
    await page.locator('#tab-taxes').click()
    await page.locator('[data-object=all]').waitFor()
    t.pass('a reloaded page finds the grant')
    await fleetView(t, page)
    citizen.hangUp()
    await page.locator('[data-object=all]').waitFor({ state: 'detached' })
    t.strictSame(errors, [], 'no error in the console so far')
  })

  await t.test('two wrong answers: no account, and the text to say', async (t) => {
    const account = townAccount('early')
    const citizen = await talk(scene, page, '0722000972')
    const first = await search(page, 'early')
    if (first?.state !== 'asking') throw new Error(`not asked: ${JSON.stringify(first)}`)
    await answer(page, first.questions, account, 'wrong')
    await checkAt(page, 'failed')
    await look(page, 'identity-failed')
    const again = page.waitForResponse((response) => response.url().endsWith('/api/identity/checks'))
    await page.keyboard.press('Enter')
    const second = (await (await again).json()) as QuestionsAnswer
    if (second.state !== 'asking') throw new Error(`not asked again: ${second.state}`)
    t.ok(second.lastAttempt)
    const given = page.waitForRequest(/\/answers$/)
    await answer(page, second.questions, account, 'not known')
    const { answers } = (await given).postDataJSON() as { answers: { said: string }[] }
    t.equal(answers[1]?.said, '', 'what the caller does not know is no answer')
    t.ok(answers.every(({ said }, at) => at === 1 || said !== ''))
    await page.locator('[data-aloud=no]').waitFor()
    await page.keyboard.press('Shift+F8')
    await citizen.ended
  })

  await t.test('a search is kept while the desk still loads earlier checks', async (t) => {
    const searched = Promise.withResolvers<void>()
    await page.route('**/api/identity', async (route) => {
      await searched.promise
      await route.continue()
    })
    const late = page.waitForResponse('**/api/identity')
    const citizen = await talk(scene, page, '0722000976')
    const asked = await search(page, 'early')
    if (asked?.state !== 'asking') throw new Error(`not asked: ${JSON.stringify(asked)}`)
    searched.resolve()
    await (await late).finished()
    await page.unroute('**/api/identity')
    t.equal(await gate(page).getAttribute('data-check'), 'asking', 'the late response changes nothing')
    // The second of three calls in which this person’s check fails.
    await answer(page, asked.questions, townAccount('early'), 'wrong')
    await checkAt(page, 'failed')
    await page.keyboard.press('Shift+F8')
    await citizen.ended
  })

  await t.test('a corrected search replaces the one in flight', async (t) => {
    const corrected = Promise.withResolvers<void>()
    let searches = 0
    await page.route('**/api/identity/searches', async (route) => {
      searches += 1
      if (searches === 1) await corrected.promise
      await route.continue()
    })
    const citizen = await talk(scene, page, '0722000977')
    const mistyped = search(page, 'early', cast.wife.identifier)
    await until(() => searches === 1)
    await page.keyboard.press('Enter')
    await page.keyboard.press('Control+A')
    await page.keyboard.insertText(cast.early.identifier)
    await page.keyboard.press('Enter')
    const asked = await mistyped
    if (asked?.state !== 'asking') throw new Error('the response does not belong to the corrected search')
    const late = page.waitForResponse('**/api/identity/searches')
    corrected.resolve()
    await (await late).finished()
    await page.unroute('**/api/identity/searches')
    t.equal(await gate(page).getAttribute('data-check'), 'asking', 'the late response changes nothing')
    t.equal(searches, 2, 'the same search twice is sent once')
    await answer(page, asked.questions, townAccount('early'), 'wrong')
    await checkAt(page, 'failed')
    await page.keyboard.press('Shift+F8')
    await citizen.ended
  })

  await t.test('three failed calls lock the channel; a supervisor unlocks it with a reason', async (t) => {
    const board = await openSignedIn(await newContext(), scene.linia.url, scene.linia.account('supervisor01'))
    await board.locator('a[href="/identity"]:has(svg)').click()
    await board.locator('[data-lock]').waitFor()
    t.equal(
      await board.locator('[data-lock] [aria-label] > li').count(),
      3,
      'the calls that caused the lock are listed',
    )
    await board.locator('[data-action=unlock]').click()
    await board.keyboard.insertText('S-a prezentat la ghișeu cu cartea de identitate')
    await look(board, 'unlock')
    await board.keyboard.press('Enter')
    await board.locator('[data-lock]', { hasText: 'S-a prezentat la ghișeu' }).waitFor()
    t.equal(await board.locator('[data-action=unlock]').count(), 0, 'the channel is unlocked')
    await board.context().close()
  })

  await t.test('no match, too few questions, deceased, a company: each shows what to do', async (t) => {
    const citizen = await talk(scene, page, '0722000973')
    t.equal(await search(page, 'owner', cast.wife.identifier), null)
    await page.locator('[data-aloud=no]').waitFor()
    const unknown = await page.locator('[data-aloud=no]').textContent()
    t.match(
      unknown,
      /Dacă apelantul spune că titularul a murit:.*certificatul de deces, certificatul de moștenitor sau dovada/s,
    )
    t.match(await search(page, 'nothing'), { state: 'refused', why: 'too few facts' })
    await checkAt(page, 'refused')
    t.equal(await page.locator('[data-aloud=no]').textContent(), unknown)
    await page.locator('[data-check] button').last().click()
    t.match(
      await page.locator('[data-aloud=search] [data-heirs]').textContent(),
      /certificatul de moștenitor/,
    )
    t.match(await search(page, 'deceased'), { state: 'refused', why: 'deceased' })
    await checkAt(page, 'refused')
    t.match(await gate(page).textContent(), /figurează decedat\. Nu-i spune asta apelantului/)
    t.equal(await page.locator('[data-aloud=no]').textContent(), unknown, 'a death is not to be heard')
    await look(page, 'identity-deceased')
    await page.locator('[data-check] button').last().click()
    const asked = await search(page, 'company')
    if (asked?.state !== 'asking') throw new Error(`not asked: ${JSON.stringify(asked)}`)
    // The call ends in the middle of the questions.
    citizen.hangUp()
    await checkAt(page, 'no call')
    t.pass('no check is left open')
  })

  await t.test('husband, then firm in one call: the first account stays one key away', async (t) => {
    await waitForState(page, 'ready')
    const citizen = await talk(scene, page, '0722000978')
    for (const role of ['owner', 'company'] as const) {
      const account = townAccount(role)
      if (role === 'company') {
        await page.keyboard.press('Control+F2')
        await checkAt(page, 'search')
        await page.waitForFunction(() => document.activeElement?.matches('[data-check] [name=name]') === true)
      }
      const asked = await search(page, role)
      if (asked?.state !== 'asking') throw new Error(`not asked: ${JSON.stringify(asked)}`)
      if (role === 'company') {
        // The husband asks once more in the middle of the firm's questions.
        await page.locator('[data-question]').waitFor()
        await page.keyboard.insertText('pe jumătate')
        await page.keyboard.press('Control+F3')
        await page.locator('[data-object=all]').waitFor()
        t.match(await page.locator('#pane-taxes').innerText(), townAccount('owner').name)
        await page.keyboard.press('Control+F2')
        await checkAt(page, 'asking')
        await page.waitForFunction(() => document.activeElement?.matches('#answer') === true)
        t.equal(await page.locator('#answer').inputValue(), 'pe jumătate', 'what was typed is kept')
        await page.locator('#answer').fill('')
        await page.route('**/api/identity/checks/*/answers', (route) => route.abort(), { times: 1 })
      }
      await answer(page, asked.questions, account)
      if (role === 'company') {
        await page.locator('[data-check=asking] [role=alert]:not(:empty)').waitFor()
        await page.keyboard.press('Control+F3')
        await page.locator('[data-object=all]').waitFor()
        await page.keyboard.press('Control+F2')
        // The error is gone; the answers that did not arrive can still be sent.
        await page.waitForFunction(
          () => document.activeElement?.matches('[data-check] [data-action=send-answers]') === true,
        )
        await page.locator('[data-action=send-answers]').click()
      }
      await gate(page).waitFor({ state: 'detached' })
      await page.locator('[data-object=all]').waitFor()
      t.match(await page.locator('#pane-taxes').innerText(), account.name)
    }
    t.notMatch(
      await page.locator('#pane-taxes').innerText(),
      townAccount('owner').name,
      'masked in the strip',
    )
    await page.locator('[data-person=granted]', { hasText: /CNP …\d{4}/ }).waitFor()
    await page.locator('[data-person=granted]', { hasText: /CUI …\d{4}/ }).waitFor()
    await look(page, 'identity-two-persons')
    const looked = page.waitForResponse(/\/api\/taxes\//)
    await page.keyboard.press('Control+F3')
    t.equal((await looked).status(), 200, 'shown again, it is another look')
    await page.locator('#pane-taxes', { hasText: townAccount('owner').name }).waitFor()
    await page.keyboard.press('Shift+F8')
    await citizen.ended
    await checkAt(page, 'no call')
    t.equal(await page.locator('[data-persons]').count(), 0, 'the end of the call closes all of them')
    for (const role of ['owner', 'company'] as const)
      t.notOk((await page.content()).includes(townAccount(role).name), role)
  })

  await t.test('the auditor can listen to the check after giving a reason', async (t) => {
    const call = await scene.record('0722000971', ({ recording }) => recording === 'ready')
    const audit = await openSignedIn(await newContext(), scene.linia.url, scene.linia.account('auditor01'))
    await audit.goto(`${scene.linia.url}/calls/${encodeURIComponent(call.id)}`)
    await audit.locator('[data-silence]').waitFor()
    await look(audit, 'call-silenced')
    await audit.locator('[data-action=hear-whole]').click()
    await audit.keyboard.press('Tab')
    await audit.locator('form input').last().fill('Verific reclamația CC2026-000123')
    await audit.locator('[data-action=give-reason]').click()
    await audit.locator('[data-silence]').waitFor({ state: 'detached' })
    t.pass('the reason is recorded')
  })

  await t.test('no expected answer has crossed the network, and no CNP was in a URL', async (t) => {
    const back = (await Promise.all(bodies)).join('\n')
    t.ok(back.length > 1_000)
    for (const role of ['owner', 'early', 'company'] as const) {
      for (const secret of secretsOf(townAccount(role))) t.notOk(reveals(back, secret), `${role}: ${secret}`)
      t.notOk(back.includes(cast[role].identifier))
      t.notOk(addresses.some((url) => url.includes(cast[role].identifier)))
    }
  })
})
