/**
 * The focus never falls on the body: when the focused element is removed, hidden or disabled, the focus moves to its
 * neighbour in a list, otherwise to the part of the page that it was in.
 */

/** Shorter than a key press; a screen that moves the focus itself has done so by then. */
const afterMs = 50
const parts = '[role=dialog], form, [data-pane], [data-zone], main, [role=main]'
const stops = 'a[href], button, input, select, textarea, [tabindex]'

interface Focused {
  readonly element: HTMLElement
  /** From the innermost outwards, as they were when it was focused. */
  readonly ancestors: readonly Element[]
  /** Its place among the children of each ancestor. */
  readonly places: readonly number[]
}

/** Returns the function that ends it. */
export function guardFocus(): () => void {
  let last: Focused | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  const over = new AbortController()

  function look(): void {
    timer = undefined
    if (last === null || !isLost(document.activeElement) || canFocus(last.element)) return
    nextOf(last)?.focus()
  }
  const watch = new MutationObserver(() => {
    if (timer === undefined && isLost(document.activeElement)) timer = setTimeout(look, afterMs)
  })
  const remember = ({ target }: FocusEvent): void => {
    if (target instanceof HTMLElement) last = focused(target)
  }
  document.addEventListener('focusin', remember, { signal: over.signal })
  watch.observe(document.body, {
    childList: true,
    subtree: true,
    attributes: true,
    attributeFilter: ['disabled', 'hidden', 'inert'],
  })
  return () => {
    over.abort()
    watch.disconnect()
    clearTimeout(timer)
  }
}

function focused(element: HTMLElement): Focused {
  const ancestors: Element[] = []
  const places: number[] = []
  for (let child: Element = element; child.parentElement !== null; child = child.parentElement) {
    ancestors.push(child.parentElement)
    places.push([...child.parentElement.children].indexOf(child))
  }
  return { element, ancestors, places }
}

const isLost = (active: Element | null): boolean =>
  active === null || active === document.body || (active instanceof HTMLElement && !canFocus(active))

const canFocus = (element: HTMLElement): boolean =>
  element.isConnected && !element.matches(':disabled') && element.closest('[hidden], [inert]') === null

function nextOf({ ancestors, places }: Focused): HTMLElement | null {
  const at = ancestors.findIndex((one) => one instanceof HTMLElement && canFocus(one))
  const nearest = ancestors[at]
  if (nearest === undefined) return null
  const neighbour = nearest.matches('ul, ol, tbody') ? neighbourIn(nearest, places[at] ?? 0) : null
  return neighbour ?? partOf(nearest)
}

/** The row that has taken the place of the removed one, or the last row. */
function neighbourIn(list: Element, place: number): HTMLElement | null {
  const row = list.children[Math.min(place, list.children.length - 1)]
  const stop = row?.matches(stops) === true ? row : row?.querySelector(stops)
  return stop instanceof HTMLElement ? stop : null
}

function partOf(element: Element): HTMLElement | null {
  const part = element.closest<HTMLElement>(parts) ?? document.querySelector<HTMLElement>('main, #root')
  if (part !== null && !part.hasAttribute('tabindex')) part.tabIndex = -1
  return part
}
