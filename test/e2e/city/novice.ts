/**
 * A person at a screen for the first time: clicks and keys are counted, their time is given by the keystroke-level model
 * (Card, Moran and Newell, 1980), and each line of text that was not on an earlier screen is read once.
 */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'

export interface Effort {
  readonly screens: number
  readonly clicks: number
  /** Characters of what only the person can give: names, passwords, codes. */
  readonly typed: number
  /** All other keys. */
  readonly keys: number
  readonly words: number
}

/** Seconds of the model's operators. A typist of average skill; a click is one press after pointing. */
const seconds = { press: 0.28, point: 1.1, decide: 1.35 }
/** Slower than the 238 words a minute of silent reading (Brysbaert, 2019). */
const wordsAMinute = 200
const pictures = process.env['PICTURES']

export class Novice {
  readonly #read = new Set<string>()
  #screens = 0
  #clicks = 0
  #decisions = 0
  #typed = 0
  #keys = 0
  #words = 0

  /** Types the address. */
  async open(page: Page, url: string): Promise<void> {
    this.#decisions += 1
    this.#typed += url.length
    this.#keys += 1
    await page.goto(url)
  }

  async click(at: Locator): Promise<void> {
    this.#decisions += 1
    this.#clicks += 1
    await at.click()
  }

  /** Into the field that has the focus. */
  async type(page: Page, text: string): Promise<void> {
    this.#decisions += 1
    this.#typed += text.length
    await page.keyboard.type(text)
  }

  async press(page: Page, key: string): Promise<void> {
    this.#decisions += 1
    this.#keys += 1
    await page.keyboard.press(key)
  }

  /** Reads what is new on the screen; with `PICTURES` it is kept as a picture. */
  async read(page: Page, name: string): Promise<void> {
    this.#screens += 1
    const lines = (await page.locator('body').innerText()).split('\n').map((line) => line.trim())
    for (const line of lines) {
      if (!this.#read.has(line)) this.#words += line.split(/\s+/).filter((word) => word !== '').length
      this.#read.add(line)
    }
    if (pictures === undefined) return
    await mkdir(pictures, { recursive: true })
    const number = String(this.#screens).padStart(2, '0')
    await page.screenshot({ path: join(pictures, `${number}-${name}.png`) })
  }

  effort(): Effort {
    return {
      screens: this.#screens,
      clicks: this.#clicks,
      typed: this.#typed,
      keys: this.#keys,
      words: this.#words,
    }
  }

  /** In seconds: at hand and eye, and in reading. */
  time(): { readonly acting: number; readonly reading: number } {
    const presses = this.#clicks + this.#typed + this.#keys
    const acting = presses * seconds.press + this.#clicks * seconds.point + this.#decisions * seconds.decide
    return { acting, reading: (this.#words * 60) / wordsAMinute }
  }
}
