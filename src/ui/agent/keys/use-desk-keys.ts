import type { RefObject } from 'react'
import { useTranslation } from 'react-i18next'
import { live } from '../../live/live-feed.ts'
import { duration } from '../../shared/time.ts'
import { mute, onCall, pause, ready, saveCall } from '../desk-commands.ts'
import { inCall } from '../desk-actions.ts'
import { callIdOf } from '../desk-state.ts'
import { answerCall, endEcho } from '../phone/phone.ts'
import { spokenTime } from '../speak-time.ts'
import { stateWords } from '../state-words.ts'
import { useDeskState, useMyAgent, useWhyNot } from '../use-desk.ts'
import type { KeyAction } from './chords.ts'
import { useKeys } from './use-keys.ts'

interface DeskKeysOptions {
  readonly zones: RefObject<HTMLElement | null>
  readonly openSheet: () => void
  readonly openPalette: () => void
}

/** What each action does now; keys, buttons and the palette all come through here. */
export function useDeskKeys({ zones, openSheet, openPalette }: DeskKeysOptions): (action: KeyAction) => void {
  const { t } = useTranslation()
  const state = useDeskState()
  const agent = useMyAgent()
  const why = useWhyNot(state)

  async function pauseOrReady(): Promise<void> {
    if (agent === undefined || why('pause-ready') !== null) return
    endEcho()
    const busy = inCall(state) || state.name === 'wrap-up'
    const pauses = busy ? agent.after !== 'paused' : agent.state === 'ready'
    await (pauses ? pause('break') : ready(agent))
  }

  function speakTime(): void {
    const since = 'since' in state ? Date.parse(state.since) : null
    const time = since === null ? '' : duration(Date.now() + live.get().skewMs - since)
    // Emptied first: the same sentence twice would not be spoken again.
    spokenTime.set('')
    requestAnimationFrame(() => spokenTime.set(t('desk.timeSpoken', { state: stateWords(state, t), time })))
  }

  function run(action: KeyAction): void {
    switch (action) {
      case 'answer':
        if (why('answer') === null) void answerCall()
        return
      case 'hang-up':
        if (why('hang-up') === null) void onCall(state.name === 'ringing' ? 'decline' : 'hang-up')
        return
      case 'mute':
        if (state.name === 'talking' && why('mute') === null) void mute(state.call?.muted !== true)
        return
      case 'hold':
        if (why('hold') === null) void onCall(state.name === 'held' ? 'resume' : 'hold')
        return
      case 'save': {
        const callId = callIdOf(state)
        if (callId !== null && why('save') === null) void saveCall(callId, state.name === 'wrap-up')
        return
      }
      case 'pause-ready':
        void pauseOrReady()
        return
      case 'search':
        zones.current?.querySelector<HTMLInputElement>('[data-search]')?.focus()
        return
      case 'next-zone':
        focusNextZone(zones.current)
        return
      case 'palette':
        openPalette()
        return
      case 'help':
        openSheet()
        return
      case 'speak-time':
        speakTime()
    }
  }

  useKeys(run)
  return run
}

function focusNextZone(root: HTMLElement | null): void {
  const zones = [...(root?.querySelectorAll<HTMLElement>('[data-zone]') ?? [])]
  const here = zones.findIndex((zone) => zone.contains(document.activeElement))
  zones[(here + 1) % zones.length]?.focus()
}
