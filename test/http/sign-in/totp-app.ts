/** An authenticator app, as a person has one. */
import { setTimeout as wait } from 'node:timers/promises'
import { totpAt } from '../../../src/people/sign-in/totp.ts'
import { fromBase32 } from './base32.ts'
import type { Browser } from './test-browser.ts'

const stepMs = 30_000
/** Longer than a busy machine needs until the server looks at the code: then it is two steps old, and refused. */
const marginMs = 8_000

/** An app's code of the half minute before, which proves the app and leaves the present one unused. */
export async function earlierCode(secret: Buffer): Promise<string> {
  const leftMs = stepMs - (Date.now() % stepMs)
  if (leftMs < marginMs) await wait(leftMs + 50)
  return totpAt(secret, Date.now() - stepMs)
}

export interface App {
  readonly secret: Buffer
  readonly recoveryCodes: string[]
}

/** Enrols an authenticator app; its present code is unused afterwards. */
export async function enrolApp(browser: Browser): Promise<App> {
  const made = await browser.ask('POST', '/api/me/factors/totp/secret')
  const secret = fromBase32(String(made.json['secret']))
  const code = await earlierCode(secret)
  const added = await browser.ask('POST', '/api/me/factors/totp', { name: 'Telefon', code })
  if (added.status !== 201) throw new Error(added.text)
  return { secret, recoveryCodes: added.json['recoveryCodes'] as string[] }
}
