/** An administrator adds a menu on the page of the line, by keyboard alone. */
import type { Page } from 'playwright-core'
import type { Test } from 'tap'
import { checkScreen } from '../../support/browser/screen.ts'
import { until } from '../../support/until.ts'
import { bar, openTab, press, tabTo, type } from './configuration-steps.ts'
import { focused } from './keyboard-steps.ts'

export const said = 'Pentru taxe și impozite, apăsați tasta doi.'
export const saidInEnglish = 'For taxes, press two.'

const end =
  'Așteaptă cel mult până …; dacă nici atunci nu răspunde nimeni, aude mesajul și apelul se încheie:' +
  'Ne cerem scuze, toți operatorii sunt încă ocupați. Vă rugăm să ne sunați din nou.'

/** Chooses the option of a key's field by keys of the keyboard. */
async function lead(page: Page, key: string, ...pressed: string[]): Promise<void> {
  await tabTo(page, `aside [data-key="${key}"]`)
  for (const one of pressed) await page.keyboard.press(one)
}

/** A menu that key 2 leaves to the queue of taxes, in two languages, before the queue of 969; published. */
export async function addMenuByKeyboard(t: Test, page: Page): Promise<void> {
  await openTab(page, 'numbers', 'ArrowRight', 'queues')
  await openTab(page, 'queues', 'ArrowRight', 'hours')
  await openTab(page, 'hours', 'ArrowRight', 'menus')
  await press(page, '[data-action=add]')
  await until(async () => (await focused(page)) === 'data-field=name')
  await page.keyboard.type('Întâmpinare')
  await lead(page, '1', 'Home')
  await page.locator('aside fieldset [role=alert]').waitFor()
  t.equal(await page.locator('aside fieldset [role=alert]').textContent(), 'Adaugă cel puțin o tastă.')
  await lead(page, '1', 'Home', 'P')
  await lead(page, '2', 'Home', 'T')
  await lead(page, '9', 'End', 'ArrowUp', 'ArrowUp')
  await lead(page, '0', 'End', 'ArrowUp')
  await tabTo(page, 'aside [data-number="969"]', true)
  await page.keyboard.press('Space')
  t.equal(await bar(page), '2', 'the menu, and the number that leads to it')

  await tabTo(page, '[data-action=review]', true)
  await page.keyboard.press('Enter')
  await page.locator('[data-fault]').first().waitFor()
  t.same(await page.locator('[data-fault]').allTextContents(), [
    'Meniul „Întâmpinare”, textul în română',
    'Meniul „Întâmpinare”, textul în engleză',
  ])
  await press(page, '[data-fault]')
  await page.locator('aside [data-field=ro][aria-invalid=true]').waitFor()
  await until(async () => (await focused(page)) === 'data-field=ro')
  await page.keyboard.type(said)
  await type(page, 'aside [data-field=en]', saidInEnglish)
  t.same(await page.locator('[data-diagram] [data-twig]').allTextContents(), [
    '1meniul „Plăți”„Pentru un operator, apăsați tasta unu.”1coada „Informații generale”*înapoi la meniul dinaintenicio tastă: nu se repetă, apoi coada numărului',
    '1coada „Informații generale”',
    '*înapoi la meniul dinainte',
    '2coada „Taxe și impozite”',
    '9același meniu, în engleză',
    '0înapoi la meniul dinainte',
  ])
  await press(page, 'aside [data-listen=en]')
  await page.locator('aside [data-listen=en][data-state=playing]').waitFor()
  await page.keyboard.press('Enter')
  await page.locator('aside [data-listen=en][data-state=silent]').waitFor()
  await checkScreen(t, page, 'configuration, a menu')
  await tryByKeyboard(t, page)

  await tabTo(page, '[data-action=review]', true)
  await page.keyboard.press('Enter')
  await page.locator('[data-changes="own 2"]').waitFor()
  await tabTo(page, '[data-field=reason]')
  await page.keyboard.type('Taxele au tasta lor')
  await page.keyboard.press('Enter')
  await page.locator('[data-draft="0"]').waitFor()
}

/** The draft is tried before it is published: a wrong key, then the one of taxes. */
async function tryByKeyboard(t: Test, page: Page): Promise<void> {
  await openTab(page, 'menus', 'ArrowRight', 'codes')
  await openTab(page, 'codes', 'ArrowRight', 'pauses')
  await openTab(page, 'pauses', 'ArrowRight', 'outbound')
  await openTab(page, 'outbound', 'ArrowRight', 'try')
  await type(page, 'aside [data-field=keys]', '72')
  const steps = page.locator('[data-story] li')
  const wanted = [
    'Deschis non-stop.',
    `Meniul „Întâmpinare”, în română:${said}`,
    'Apasă tasta 7.',
    `Tastă greșită: un sunet scurt. Meniul „Întâmpinare” din nou, în română:${said}`,
    'Apasă tasta 2.',
    'Așteaptă la coada „Taxe și impozite”, până răspunde un operator.',
    end,
  ]
  /** Without the time at which it is tried. */
  const told = async (): Promise<string[]> =>
    (await steps.allTextContents()).map((one) => one.replace(/^(Așteaptă cel mult până) [^;]+;/, '$1 …;'))
  await until(async () => (await told()).join('\n') === wanted.join('\n')).catch(() => undefined)
  t.same(await told(), wanted)
  await checkScreen(t, page, 'configuration, a dry run')
  await tabTo(page, 'aside [data-field=which] input', true)
  await page.keyboard.press('ArrowRight')
  await page.locator('[data-story] li:nth-child(2)[data-step=queue]').waitFor()
  t.same(await told(), [
    'Deschis non-stop.',
    'Așteaptă la coada „Informații generale”, până răspunde un operator.',
    end,
  ])
}

/** By the setting `ANSWER=agent` no caller of 969 hears a menu: the page of the line, which has the menu `Alegere`, says so. */
export async function giveMenuThatNobodyHears(t: Test, page: Page): Promise<void> {
  await page.locator('[data-item="969"] button').click()
  const answer = page.locator('aside [data-field=answer]')
  t.match(await answer.locator('option:checked').textContent(), /instalării: abia când răspunde un operator$/)
  const warning = page.locator('aside [data-menus-never-heard]')
  t.equal(await warning.count(), 0)
  await page.locator('aside [data-field=menu]').selectOption('alegere')
  await warning.waitFor()
  t.match(await warning.textContent(), /Meniul „Alegere” nu se aude la 969/)
  await checkScreen(t, page, 'a number whose menu nobody hears')

  await page.locator('[data-tab=menus]').click()
  await page.locator('[data-item="Alegere"] button').click()
  await warning.waitFor()
  await checkScreen(t, page, 'a menu that nobody hears')
  await page.locator('aside [data-number="969"]').uncheck()
  await warning.waitFor({ state: 'detached' })
  await page.locator('aside [data-number="969"]').check()
  await warning.waitFor()

  await page.locator('[data-action=review]').click()
  await page.locator('[data-menus-never-heard="1"]').waitFor()
  await checkScreen(t, page, 'the review of a menu that nobody hears')
  await page.locator('[data-field=reason]').fill('meniu')
  await page.locator('[data-action=publish]').click()
  await page.locator('[data-draft="0"]').waitFor()

  await page.locator('[data-tab=numbers]').click()
  await page.locator('[data-item="969"] button').click()
  await warning.waitFor()
  await answer.selectOption('queue')
  await warning.waitFor({ state: 'detached' })
}
