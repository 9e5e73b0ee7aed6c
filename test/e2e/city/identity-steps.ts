/** The identity check at the desk, by keyboard alone. */
import type { Page } from 'playwright-core'
import type { TaxAccount } from '../../../src/city/taxes/account.ts'
import type { QuestionsAnswer } from '../../../src/http/identity/wire.ts'
import { cast, type CastRole } from '../../../tools/demo/fiscal/cast.ts'
import { saidBy } from '../../http/taxes/taxpayers.ts'
import { town } from '../../support/city/fiscal.ts'
import { townAccounts } from '../../support/city/town-accounts.ts'

const accounts = new Map([...townAccounts(town)].map(({ identifier, account }) => [identifier, account]))
/** The fiscal database's account of a cast member. */
export function townAccount(role: CastRole): TaxAccount {
  const account = accounts.get(cast[role].identifier)
  if (account === undefined) throw new Error(`the fiscal database has no ${role}`)
  return account
}

/** Waits until the check is at this step. */
export const checkAt = (page: Page, step: string): Promise<void> =>
  page.locator(`[data-check="${step}"]`).waitFor()

/** Fills in the search: F2 focuses the first field, Tab moves on. Returns the questions; null: no match. */
export async function search(
  page: Page,
  role: CastRole,
  identifier: string = cast[role].identifier,
): Promise<QuestionsAnswer | null> {
  await page.locator('#tab-taxes').click()
  await checkAt(page, 'search')
  await page.keyboard.press('F2')
  for (const text of [cast[role].name, cast[role].address, identifier]) {
    await page.keyboard.press('Control+A')
    await page.keyboard.insertText(text)
    if (text === identifier) break
    // Tab, because Enter would skip fields that are already filled.
    await page.keyboard.press('Tab')
  }
  const found = page.waitForResponse((answer) => answer.url().endsWith('/api/identity/searches'))
  const asked = page
    .waitForResponse((answer) => answer.url().endsWith('/api/identity/checks'))
    .catch(() => null)
  await page.keyboard.press('Enter')
  const { outcome } = (await (await found).json()) as { outcome: string }
  return outcome === 'match' ? (((await (await asked)?.json()) ?? null) as QuestionsAnswer | null) : null
}

/** Gives the account's answers; `wrong`: the second one is wrong, or the caller does not know it. */
export async function answer(
  page: Page,
  questions: readonly { id: string }[],
  account: TaxAccount,
  wrong: false | 'wrong' | 'not known' = false,
): Promise<void> {
  for (const [at, { id }] of questions.entries()) {
    await page.locator(`[data-question]`).waitFor()
    if (wrong === 'not known' && at === 1) {
      await page.locator('[data-action=does-not-know]').click()
      await page.waitForFunction(() => document.activeElement?.matches('#answer') === true)
      continue
    }
    await page.keyboard.insertText(wrong === 'wrong' && at === 1 ? 'nu mai știu' : saidBy(account, id))
    await page.keyboard.press('Enter')
  }
}
