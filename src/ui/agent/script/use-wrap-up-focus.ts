import { useEffect, type RefObject } from 'react'
import { focusUnlessTyping } from '../work/focus-unless-typing.ts'

/**
 * When the call has ended, moves the focus to what the wrap-up still lacks, unless the agent is typing elsewhere: the
 * code or the subject, otherwise the first group without a choice or a proposal, otherwise the button that finishes.
 */
export function useWrapUpFocus(form: RefObject<HTMLFormElement | null>, ending: boolean): void {
  useEffect(() => {
    if (ending && form.current !== null) focusUnlessTyping(missingPart(form.current))
  }, [form, ending])
}

/** The field that is still empty, otherwise the button that finishes; null without either. */
export function missingPart(form: HTMLFormElement): HTMLElement | null {
  // One of the two is enough.
  const about = [...form.querySelectorAll<HTMLInputElement>('[data-code], [data-subject]')]
  const [first] = about
  if (first !== undefined && about.every(({ value }) => value === '')) return first
  const open = [...form.querySelectorAll('fieldset:not([disabled])')].find(
    (group) => group.querySelector(':checked, [data-proposed=true]') === null,
  )
  return open?.querySelector('input') ?? form.querySelector<HTMLElement>('[data-action=save]')
}
