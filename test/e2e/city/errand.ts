/** An errand at the desk by keyboard alone: its key strokes are counted and its time is taken. */
import type { Page } from 'playwright-core'

export interface ErrandCost {
  /** Keys of the errand's content: a name, an address, a number. */
  readonly typed: number
  /** All other keys: moving, choosing, confirming, scrolling. */
  readonly commands: number
  /** From the first key to the end of the errand, with `pressMs` after each key. */
  readonly seconds: number
}

/** The pace of a practised typist. */
const pressMs = 120
const tabsMax = 60

export class Errand {
  readonly #page: Page
  readonly #startedAt = performance.now()
  #typed = 0
  #commands = 0

  constructor(page: Page) {
    this.#page = page
  }

  async press(key: string): Promise<void> {
    this.#commands += 1
    await this.#page.keyboard.press(key)
    await this.#page.waitForTimeout(pressMs)
  }

  async type(text: string): Promise<void> {
    this.#typed += text.length
    await this.#page.keyboard.type(text, { delay: pressMs })
  }

  /** Presses Tab until the focus is on a match. */
  async tabTo(selector: string): Promise<void> {
    for (let presses = 0; presses < tabsMax; presses += 1) {
      if (await this.isAt(selector)) return
      await this.press('Tab')
    }
    throw new Error(`${selector} is not reached by ${tabsMax} × Tab`)
  }

  isAt(selector: string): Promise<boolean> {
    return this.#page.evaluate((wanted) => document.activeElement?.matches(wanted) === true, selector)
  }

  cost(): ErrandCost {
    const seconds = Math.round((performance.now() - this.#startedAt) / 100) / 10
    return { typed: this.#typed, commands: this.#commands, seconds }
  }
}
