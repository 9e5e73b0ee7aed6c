/** How what is to be said stands on the desk: whole, in a size that is read at arm's length. */
import type { Page } from 'playwright-core'

export interface ReadOutBox {
  /** The elements between a sentence and the zone that hide a part of it. */
  readonly cut: readonly string[]
  /** The sizes of the sentences in pixels. */
  readonly sizes: readonly number[]
  /** Whether the button that saves the wrap-up form is in the viewport. */
  readonly saves: boolean
  /** Rows that the notes have room for. */
  readonly noteRows: number
}

export function readOutBox(page: Page): Promise<ReadOutBox> {
  return page.evaluate(() => {
    const said = [...document.querySelectorAll<HTMLElement>('[data-said] p')]
    const cut = new Set<string>()
    for (const sentence of said)
      for (let box: HTMLElement | null = sentence; box !== null && !box.matches('[data-zone]');) {
        if (box.scrollHeight > box.clientHeight + 1 && getComputedStyle(box).display !== 'inline')
          cut.add(`${box.tagName}.${box.className} ${box.clientHeight} of ${box.scrollHeight}`)
        box = box.parentElement
      }
    const place = document.querySelector('[data-wrap-up] [data-action=save]')?.getBoundingClientRect()
    const notes = document.querySelector<HTMLTextAreaElement>('[data-notes]')
    const style = notes === null ? null : getComputedStyle(notes)
    return {
      cut: [...cut],
      sizes: [...new Set(said.map((one) => parseFloat(getComputedStyle(one).fontSize)))],
      saves: place !== undefined && place.top >= 0 && place.bottom <= innerHeight,
      noteRows:
        notes === null || style === null
          ? 0
          : Math.round(
              (notes.clientHeight - parseFloat(style.paddingTop) - parseFloat(style.paddingBottom)) /
                parseFloat(style.lineHeight),
            ),
    }
  })
}
