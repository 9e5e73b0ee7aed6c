import { useTranslation } from 'react-i18next'
import { live } from '../../live/live-feed.ts'
import { duration } from '../../shared/time/time.ts'
import { answer, mute, onCall, pause, ready, saveCall } from '../desk-commands.ts'
import { inCall, isOffered } from '../desk-actions.ts'
import { callIdOf, conversationOf, type DeskState } from '../desk-state.ts'
import { endEcho } from '../phone/phone.ts'
import { spokenTime } from '../desk-announcer.tsx'
import { useStateText } from '../desk-state-text.ts'
import { useDeskState, useMuted, useMyAgent, useWhyNot } from '../use-desk.ts'
import { interpreterWanted } from '../contacts/use-interpreter.ts'
import { useInterpreters } from '../contacts/use-interpreters.ts'
import { endConsult } from '../consult/use-consult-end.ts'
import { toggleKeypad } from '../keypad/use-keypad.ts'
import { toggleReasons } from '../recording-pause/use-recording-pause.ts'
import { togglePanel } from '../transfer/use-transfer.ts'
import { runPaneAction, isPaneFormFocused, submitFocused } from '../work/pane-actions.ts'
import { goToPane, goToSearch, onDesk, openPane, startInPane } from '../work/open-pane.ts'
import { paneBeside } from '../work/panes.tsx'
import type { KeyAction } from './chords.ts'
import { useKeys } from './use-keys.ts'

interface DeskKeysOptions {
  readonly openSheet: () => void
  readonly openPalette: () => void
}

/** The implementation of each action; keys, buttons and the palette all use it. */
export function useDeskKeys({ openSheet, openPalette }: DeskKeysOptions): (action: KeyAction) => void {
  const { t } = useTranslation()
  const state = useDeskState()
  const text = useStateText(state)
  const agent = useMyAgent()
  const why = useWhyNot(state)
  const muted = useMuted(state)
  const served = state.name === 'talking' || state.name === 'held' ? state.call : null
  const interpreters = useInterpreters(served?.language ?? null)

  async function pauseOrReady(): Promise<void> {
    if (agent === undefined || why('pause-ready') !== null) return
    endEcho()
    const busy = inCall(state) || state.name === 'wrap-up'
    const pauses = busy ? agent.after !== 'paused' : agent.state === 'ready'
    await (pauses ? pause() : ready(agent))
  }

  function speakTime(): void {
    const time = shownTime(state)
    // Cleared first: a screen reader does not announce an unchanged text.
    spokenTime.set('')
    requestAnimationFrame(() => spokenTime.set(t('desk.timeSpoken', { state: text, time })))
  }

  function run(action: KeyAction): void {
    switch (action) {
      case 'answer':
        if (why('answer') === null) void answer(agent?.offerId ?? null)
        return
      case 'hang-up':
        if (why('hang-up') === null)
          void onCall({ action: isOffered(state) ? 'decline' : 'hang-up' }, agent?.offerId)
        return
      case 'mute':
        // Toggles the state shown on the button; the server's update of the last press may still be in flight.
        if (why('mute') === null) void mute(!muted)
        return
      case 'hold':
        if (why('hold') === null)
          void onCall({ action: state.name === 'held' ? 'resume' : 'hold' }, agent?.offerId)
        return
      case 'transfer':
        if (why('transfer') === null) onDesk(() => togglePanel(agent?.offerId ?? null))
        return
      case 'three-way':
        if (why('three-way') === null) void onCall({ action: 'join-consult' }, agent?.offerId)
        return
      case 'hand-over':
        if (why('hand-over') === null) void onCall({ action: 'complete-consult' }, agent?.offerId)
        return
      case 'end-consult':
        if (why('end-consult') === null) void endConsult(agent?.offerId)
        return
      case 'interpreter':
        if (why('interpreter') === null) onDesk(() => interpreterWanted(interpreters, agent?.offerId ?? null))
        return
      case 'ask-help':
        if (why('ask-help') === null)
          void onCall({ action: served?.helpSince == null ? 'ask-for-help' : 'no-help' }, agent?.offerId)
        return
      case 'recording':
        if (why('recording') !== null) return
        if (served?.recordingPause == null) onDesk(() => toggleReasons(agent?.offerId ?? null))
        else void onCall({ action: 'resume-recording' }, agent?.offerId)
        return
      case 'keypad':
        if (why('keypad') === null) onDesk(() => toggleKeypad(agent?.offerId ?? null))
        return
      case 'save': {
        if (submitFocused() || (isPaneFormFocused() && runPaneAction('save'))) return
        const callId = callIdOf(state)
        // After a call in vain there is nothing to write.
        if (callId === null && state.name === 'wrap-up') void onCall({ action: 'end-wrap-up' })
        if (callId !== null && why('save') === null) void saveCall(callId, state.name === 'wrap-up')
        return
      }
      case 'told':
      case 'complain':
        // A hidden pane does not react.
        if (openPane.get() === 'requests') runPaneAction(action)
        return
      case 'in-words':
        runPaneAction(action)
        return
      case 'pause-ready':
        void pauseOrReady()
        return
      case 'extend':
        if (why('extend') === null) void onCall({ action: 'extend-wrap-up' })
        return
      case 'unfinished':
        onDesk(() => runPaneAction('unfinished'))
        return
      case 'search':
        onDesk(goToSearch)
        return
      case 'next-tab':
        onDesk(() => goToPane(paneBeside(openPane.get(), 1) ?? 'caller'))
        return
      case 'start-papers':
        onDesk(() => goToPane('papers'))
        return
      case 'start-taxes':
        onDesk(() => goToPane('taxes'))
        return
      case 'start-request':
      case 'start-document':
        onDesk(() => startInPane('requests', action))
        return
      case 'another-person':
      case 'next-person':
        if (conversationOf(state) !== null) onDesk(() => startInPane('taxes', action))
        return
      case 'next-zone':
        focusNextZone()
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

/** The time in the band: how long the state has lasted, or the remaining wrap-up. */
function shownTime(state: DeskState): string {
  const now = Date.now() + live.get().skewMs
  if (state.name === 'wrap-up') return duration(Math.ceil((Date.parse(state.until) - now) / 1_000) * 1_000)
  return 'since' in state ? duration(now - Date.parse(state.since)) : ''
}

function focusNextZone(): void {
  const zones = [...document.querySelectorAll<HTMLElement>('[data-zone]')]
  const here = zones.findIndex((zone) => zone.contains(document.activeElement))
  zones[(here + 1) % zones.length]?.focus()
}
