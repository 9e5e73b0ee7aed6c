/** A new agent in one form, by keyboard: account and skills, and what is left until the first call. */
import t from 'tap'
import type { SkillMatrix } from '../../../src/http/skills/wire.ts'
import { openBrowser, openSignedIn } from '../../support/browser/browser.ts'
import { checkScreen } from '../../support/browser/screen.ts'
import { startLinia } from '../../support/stack.ts'
import { press, tabTo, type } from './configuration-steps.ts'

t.test(
  'an administrator makes an agent ready in one form, by keyboard',
  { timeout: 1_500_000 },
  async (t) => {
    const linia = await startLinia(t, { agents: 1 })
    const { newContext } = await openBrowser(t, null)
    const page = await openSignedIn(await newContext(), linia.url, linia.account('admin01'))
    await page.goto(`${linia.url}/accounts`)
    const skills = page.locator('[data-new-skills]')
    await skills.waitFor()
    await type(page, 'input[name=username]', 'ioana.pop')
    await type(page, 'input[name=name]', 'Ioana Pop')
    await type(page, 'input[name=employer]', 'Primăria')
    const select = skills.locator('select[data-skill]')
    const skill = (await select.first().getAttribute('data-skill')) ?? ''
    await tabTo(page, `select[data-skill="${skill}"]`)
    await page.keyboard.press('End')
    t.equal(await select.first().inputValue(), '5')
    await checkScreen(t, page, 'new account, the skills of an agent')
    // A skill that the new agent is not to have.
    const others = await select.evaluateAll((all) => all.map((one) => one.getAttribute('data-skill') ?? ''))
    const last = others.at(-1) ?? ''
    t.not(last, skill)
    await tabTo(page, `select[data-skill="${last}"]`)
    await page.keyboard.press('Home')
    await press(page, 'form[data-new-account] button[type=submit]')
    await page.locator('[data-issued="ioana.pop"] [data-what-is-left]').waitFor()
    await checkScreen(t, page, 'new account, what is left')
    const matrix = await page.evaluate(async () => {
      const answer = await fetch('/api/skills')
      return (await answer.json()) as SkillMatrix
    })
    const levels = matrix.agents.find(({ name }) => name === 'Ioana Pop')?.levels
    t.equal(levels?.[skill], 5)
    t.equal(levels?.[last], undefined)
    await press(page, '[data-action=code-noted]')
    await skills.waitFor()
    t.equal(await page.locator('input[name=employer]').inputValue(), 'Primăria', 'proposed for the next one')
    t.equal(await page.locator('[data-no-agent]').count(), 0)
  },
)
