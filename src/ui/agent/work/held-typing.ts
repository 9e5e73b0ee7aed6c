/**
 * Keeps what is typed while its field is still to appear, and puts it into the text field that is focused next: the
 * agent types right after the key that opens a tab or a form.
 */

/** After this time, or a click, what was typed is dropped: no field has appeared. A slow network needs seconds. */
export const heldForMs = 10_000

let stop: (() => void) | null = null

export function holdTyping(): void {
  stop?.()
  const keys: string[] = []
  const over = new AbortController()
  const listen = { capture: true, signal: over.signal } as const
  const begunIn = document.activeElement

  function press(event: KeyboardEvent): void {
    const at = document.activeElement
    // Another field was focused without an event that was seen: it gets its keys itself.
    if (isTextField(at) && at !== begunIn) return end()
    if (event.defaultPrevented || !isTyping(event)) return
    // Nothing was typed for a field, and a control has appeared instead: the key is meant for it.
    if (keys.length === 0 && at !== begunIn && isControl(at)) return end()
    event.preventDefault()
    event.stopPropagation()
    if (event.key === 'Backspace') keys.pop()
    else keys.push(event.key)
  }

  function arrive({ target }: FocusEvent): void {
    if (!isTextField(target)) return
    end()
    // The code that focuses a field may select its text afterwards; the held text replaces the selection.
    queueMicrotask(() => typeInto(target, keys))
  }

  function end(): void {
    over.abort()
    clearTimeout(timer)
    stop = null
  }

  window.addEventListener('keydown', press, listen)
  window.addEventListener('focusin', arrive, listen)
  window.addEventListener('pointerdown', end, listen)
  const timer = setTimeout(end, heldForMs)
  stop = end
}

function isTyping(event: KeyboardEvent): boolean {
  if (event.isComposing) return false
  if (event.key === 'Backspace' || event.key === 'Enter')
    return !event.ctrlKey && !event.altKey && !event.metaKey
  // AltGr, which types ă and ș, is Ctrl+Alt on Windows.
  const isPlain = (!event.ctrlKey && !event.altKey) || event.getModifierState('AltGraph')
  return event.key.length === 1 && isPlain && !event.metaKey
}

/** A tab takes the focus only until the field of its pane has it. */
const isControl = (target: Element | null): boolean =>
  target?.matches('button:not([role=tab]), a, select, [type=radio], [type=checkbox]') === true

const isTextField = (target: EventTarget | null): target is HTMLInputElement | HTMLTextAreaElement =>
  target instanceof HTMLTextAreaElement ||
  (target instanceof HTMLInputElement && target.selectionStart !== null && !target.readOnly)

function typeInto(field: HTMLInputElement | HTMLTextAreaElement, keys: readonly string[]): void {
  const enterAt = keys.indexOf('Enter')
  const text = (enterAt === -1 ? keys : keys.slice(0, enterAt)).join('')
  if (text !== '') {
    field.setRangeText(text, field.selectionStart ?? 0, field.selectionEnd ?? 0, 'end')
    field.dispatchEvent(new Event('input', { bubbles: true }))
  }
  // After the field's own handler has seen the text.
  if (enterAt !== -1)
    setTimeout(() => field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true })))
}
