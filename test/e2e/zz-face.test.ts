import { mkdirSync, writeFileSync } from 'node:fs'
import t from 'tap'
import type { Page } from 'playwright-core'
import { openBrowser, openDesk, openSignedIn, pickUp, waitForState } from '../support/browser/browser.ts'
import { cutAtTheSide } from '../support/browser/horizontal-overflow.ts'
import { layoutShift, watchLayout } from '../support/browser/layout-shift.ts'
import { tone } from '../support/sip/audio.ts'
import { openScene } from './scene.ts'

const out = '/tmp/w/shots-face/' + (process.env['SHOTS'] ?? 'a')
t.test('face', { timeout: 280_000 }, async (t) => {
  mkdirSync(out, { recursive: true })
  const log: string[] = []
  const say = (s: string) => { log.push(s); writeFileSync(`${out}/log.txt`, log.join('\n')) }
  const scene = await openScene(t, { overrides: { WRAP_UP_MS: '60000', RING_TIMEOUT_MS: '60000' } })
  const { newContext } = await openBrowser(t, null)
  const url = scene.linia.url
  say(JSON.stringify(scene.linia.accounts.map((a) => a.username)))
  async function widths(page: Page, name: string, sizes = [1366, 1024, 768]) {
    for (const width of sizes) {
      await page.setViewportSize({ width, height: width === 360 ? 740 : 640 })
      const cut = await cutAtTheSide(page)
      say(`${name} ${width}: ${cut.length === 0 ? 'ok' : '\n    ' + cut.join('\n    ')}`)
      await page.screenshot({ path: `${out}/${name}-${width}.png` })
    }
    await page.setViewportSize({ width: 1366, height: 640 })
  }
  const fresh = async () => { const c = await newContext(); await watchLayout(c); return c }
  const shift = async (page: Page, name: string) => { const s = await layoutShift(page); say(`CLS ${name}: ${s.shifts.toFixed(4)} ${s.shifted.join(' | ')}`) }
  {
    const c = await fresh()
    const v = await c.newPage()
    await v.goto(url)
    await v.locator('[aria-labelledby=demo] button').first().waitFor()
    await v.waitForTimeout(500)
    await shift(v, 'sign-in')
    await widths(v, 'sign-in', [1366, 360])
    await v.setViewportSize({ width: 360, height: 740 })
    await v.goto(`${url}/urmarire`)
    await v.locator('input[name=number]').waitFor()
    await v.waitForTimeout(500)
    await shift(v, 'urmarire')
    await widths(v, 'urmarire', [1366, 360])
    await v.goto(`${url}/activate`)
    await v.waitForTimeout(500)
    await shift(v, 'activate')
    await widths(v, 'activate', [360])
    await c.close()
  }
  const agents = await fresh()
  const desk = await openDesk(agents, url, scene.linia.account('agent01'))
  await desk.waitForTimeout(1500)
  const asked: string[] = []
  desk.on('request', (r) => asked.push(r.url()))
  await desk.reload()
  await desk.locator('[data-registration=registered]').waitFor()
  await desk.waitForTimeout(2500)
  say(`desk requests: ${asked.length}\n  ${asked.join('\n  ')}`)
  await shift(desk, 'desk')
  await widths(desk, 'desk')
  await desk.keyboard.press('F4')
  await waitForState(desk, 'ready', 20_000)
  await scene.town.call({ callerId: '0722000951', speech: tone(800) })
  await pickUp(desk)
  await widths(desk, 'desk-talking')
  for (const path of ['calls', 'account', 'factors', 'agreement']) {
    await desk.locator(`header nav a[href="/calls"]`).click()
    if (path !== 'calls') continue
    await desk.waitForTimeout(1000)
    await widths(desk, `agent-${path}`)
  }
  const roles: [string, string[]][] = [
    ['supervisor01', ['board', 'board/wall', 'identity', 'resets', 'requests', 'calls', 'documents', 'account', 'factors', 'agreement', 'papers']],
    ['auditor01', ['journal', 'calls', 'papers', 'documents']],
    ['editor01', ['papers']],
    ['administrator01', ['accounts', 'employers', 'agreement/text', 'documents']],
  ]
  for (const [who, paths] of roles) {
    const known = scene.linia.accounts.find((a) => a.username.startsWith(who.slice(0, 4)))
    if (known === undefined) { say(`no ${who}`); continue }
    const page = await openSignedIn(await fresh(), url, scene.linia.account(known.username))
    for (const path of paths) {
      await page.goto(`${url}/${path}`)
      await page.waitForTimeout(1200)
      await shift(page, `${who}-${path}`)
      await widths(page, `${who}-${path.replaceAll('/', '-')}`)
    }
    await page.context().close()
  }
  const calls = await openSignedIn(await fresh(), url, scene.linia.account('supervisor01'))
  await calls.goto(`${url}/calls`)
  await calls.locator('tbody a').first().click()
  await calls.waitForTimeout(1200)
  await widths(calls, 'call-page')
  t.pass('looked')
})
