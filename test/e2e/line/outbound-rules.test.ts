/** Rules for calls to citizens, by keyboard alone: an administrator publishes them, the desk and Asterisk follow at once. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { Api, unlessRefused } from '../../../tools/demo/api.ts'
import { openBrowser, openDesk, openSignedIn, waitForState } from '../../support/browser/browser.ts'
import { checkScreen } from '../../support/browser/screen.ts'
import { until } from '../../support/until.ts'
import { openTab, press, tabTo, type } from '../city/configuration-steps.ts'
import { focused } from '../city/keyboard-steps.ts'
import { openSceneWithOutside } from './outside-end.ts'

t.test('rules for calls to citizens, from their page to the trunk', { timeout: 1_500_000 }, async (t) => {
  const changes: string[] = []
  const { scene, outside } = await openSceneWithOutside(
    t,
    { OUTBOUND_ALLOW: '+402,+407,+373', STANDBY_PBX: '1', WRAP_UP_MS: '60000' },
    { onChange: (line) => changes.push(line) },
  )
  const { linia } = scene
  const { newContext } = await openBrowser(t, null)
  const desk = await openDesk(await newContext(), linia.url, linia.account('agent01'))
  const page = await openSignedIn(await newContext(), linia.url, linia.account('admin01'))
  const reader = await openSignedIn(await newContext(), linia.url, linia.account('supervisor01'))
  const errors: string[] = []
  for (const one of [desk, page, reader]) one.on('pageerror', (error) => errors.push(error.message))
  const citizen = await scene.town.call({ callerId: '0722000985' })
  await until(() => [...scene.view.calls.values()].some(({ phase }) => phase === 'waiting'))
  const [waiting] = scene.view.calls.values()
  const supervisor = new Api(linia.url)
  await supervisor.signIn(linia.account('supervisor01'))
  await supervisor.ask('POST', `/api/calls/${encodeURIComponent(waiting?.id ?? '')}/callback`)
  t.equal((await citizen.ended).ending, 'line hung up', 'promised while the rules let it be called')

  /** Types the number in the palette; whether it is offered there. */
  const offers = async (number: string): Promise<string> => {
    await desk.keyboard.press('Control+k')
    await desk.locator('[role=dialog] input').fill(number)
    const command = desk.locator('[role=dialog] li button', { hasText: number }).first()
    await command.waitFor()
    const text = (await command.textContent()) ?? ''
    await desk.keyboard.press('Escape')
    await desk.locator('[role=dialog]').waitFor({ state: 'detached' })
    return text
  }
  const call = async (number: string): Promise<void> => {
    await desk.keyboard.press('Control+k')
    await desk.locator('[role=dialog] input').fill(number)
    await desk.locator('[role=dialog] li button', { hasText: number }).first().waitFor()
    await desk.keyboard.press('Enter')
  }
  const publish = async (why: string, changes: number): Promise<void> => {
    await tabTo(page, '[data-action=review]', true)
    await page.keyboard.press('Enter')
    await page.locator(`[data-changes="own ${changes}"]`).waitFor()
    await type(page, '[data-field=reason]', why)
    await checkScreen(t, page, `configuration, review of calls to citizens ${changes}`)
    await page.keyboard.press('Enter')
    await page.locator('[data-draft="0"]').waitFor()
  }

  await t.test('the settings of the server are shown, and are where a city begins', async (t) => {
    await page.locator('header nav a[href="/configuration"]').click()
    await page.locator('[data-item]').first().waitFor()
    await page.locator('[data-tab=pauses]').focus()
    await page.keyboard.press('Enter')
    await openTab(page, 'pauses', 'ArrowRight', 'outbound')
    await page.locator('[data-outbound=server]').waitFor()
    t.match(await page.locator('[data-rule=allowed]').textContent(), /\+402, \+407, \+373/)
    await checkScreen(t, page, 'configuration, calls to citizens as the server')
    await press(page, '[data-action=own-rules]')
    await page.locator('[data-outbound=own]').waitFor()
    t.equal(await focused(page), 'data-action=as-server', 'the focus stays')
  })

  await t.test(
    'each number is told as it is read; a fault is told at its field and in the review',
    async (t) => {
      await type(page, '[data-field=allowed]', '+40 356, +40356408, 0219, +44, 0900')
      const said = page.locator('[data-outbound] .mantine-InputWrapper-error, [data-outbound] [class*=error]')
      await said.first().waitFor()
      t.match(
        await page.locator('[data-outbound]').textContent(),
        /\+44: În străinătate.*0900: Numerele cu suprataxă/,
      )
      await checkScreen(t, page, 'configuration, calls to citizens with faults')
      await tabTo(page, '[data-action=review]', true)
      await page.keyboard.press('Enter')
      await page.locator('[data-fault="outbound.allowed[3]"]').waitFor()
      await press(page, '[data-fault="outbound.allowed[3]"]')
      await until(async () => (await focused(page)) === 'data-field=allowed')
      await page.keyboard.press('Control+A')
      await page.keyboard.type('+40 356, +40356408, 0219')
      await page.locator('[data-read=allowed] li').nth(2).waitFor()
      t.same(await page.locator('[data-read=allowed] li').allTextContents(), [
        '+40356: toate numerele care încep așa',
        '+40356408: toate numerele care încep așa(cuprins deja în alt rând)',
        '0219: numărul scurt, întreg',
      ])
      await type(page, '[data-field=perHour]', '12')
      await checkScreen(t, page, 'configuration, calls to citizens')
      await publish('Doar județul', 1)
    },
  )

  await t.test(
    'the open desk follows: what is allowed now is dialled, what is not any more is not offered',
    async (t) => {
      await reader.locator('[data-call]', { hasText: 'număr nepermis' }).waitFor()
      await checkScreen(t, reader, 'the board, a callback that the rules no longer allow')
      await desk.keyboard.press('F4')
      await waitForState(desk, 'ready')
      await until(async () => /La acest număr nu se sună/.test(await offers('0722 000 981')))
      await call('0356 408 300')
      const ring = await outside.nextRing()
      await waitForState(desk, 'calling')
      ring.refuse(486)
      await waitForState(desk, 'wrap-up')
      await desk.keyboard.press('Control+Enter')
      await waitForState(desk, 'ready')
      const file = join(linia.stack.settings.paths.asterisk, 'etc', 'callable.conf')
      t.match(await readFile(file, 'utf8'), /^\[linia-callable\]\nexten => _0356XXXXXX,[^]*\nexten => 0219,/)
      t.notMatch(await readFile(file, 'utf8'), /_07|_00373/)
    },
  )

  await t.test('supervisors read the rules', async (t) => {
    await reader.goto(`${linia.url}/configuration?tab=outbound`)
    await reader.locator('[data-rule=perHour] td', { hasText: '12' }).waitFor()
    t.equal(await reader.locator('[data-outbound] button').count(), 0)
    await checkScreen(t, reader, 'configuration, calls to citizens, read')
  })

  await t.test('a standby Asterisk that takes over has the published rules', async () => {
    linia.kill('asterisk')
    await until(() => changes.some((line) => line.includes('has taken over')))
    await linia.stack.ready(120_000)
    const api = new Api(linia.url)
    await api.signIn(linia.account('agent01'))
    // The phone registers again.
    await until(() =>
      api.ask('POST', '/api/me/call-out', { number: '0356408300' }).then(
        () => true,
        (error: unknown) => {
          unlessRefused(error, 409, 503)
          return false
        },
      ),
    )
    ;(await outside.nextRing()).refuse(486)
    await waitForState(desk, 'wrap-up')
    await desk.keyboard.press('Control+Enter')
    await waitForState(desk, 'ready')
  })

  await t.test('taken back: the settings of the server hold again', async () => {
    await press(page, '[data-action=as-server]')
    await publish('Înapoi', 1)
    await desk.locator('[data-callback]').waitFor()
    await desk.locator('[data-session="incoming ringing"]').waitFor()
    await desk.keyboard.press('F8')
    ;(await outside.nextRing()).refuse(486)
    await waitForState(desk, 'wrap-up')
    await desk.keyboard.press('Control+Enter')
    await waitForState(desk, 'ready')
    await until(async () => !/nu se sună/.test(await offers('0722 000 981')))
    await call('0722 000 981')
    ;(await outside.nextRing()).refuse(486)
    await waitForState(desk, 'wrap-up')
  })
  t.same(errors, [])
})
