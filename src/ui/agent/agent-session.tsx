/** The part of an agent's page that runs on every screen: the phone, the ringing, and the keys of a call. */
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useEffectEvent, useRef, useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { navigate, usePathname } from 'wouter/use-browser-location'
import { useLive } from '../live/use-live.ts'
import { Boundary } from '../shared/components/boundary.tsx'
import { offerCall, type CallInPage } from '../shared/call-in-page.ts'
import { askBeforeLeaving } from '../shared/page-leave.ts'
import { spokenNumber } from '../shared/phone-number.ts'
import { useMe } from '../shared/server/me.ts'
import { useStore } from '../shared/store.ts'
import { showsSecret } from '../shared/unsaved/shown-once.ts'
import { forgetAll, saveAndRelease } from '../shared/unsaved/unsaved.ts'
import { claimPhone, releasePhone } from './phone/phone-claim.ts'
import { refusal, soundFault } from './desk-commands.ts'
import { callIdOf, type DeskStateName } from './desk-state.ts'
import { DeskAnnouncer } from './desk-announcer.tsx'
import { useConsultEnd } from './consult/use-consult-end.ts'
import { useTalkedIn } from './consult/use-talked-in.ts'
import { endedCalls, refreshLists } from './fresh-lists.ts'
import { HoldReminder } from './hold-reminder.tsx'
import { KeySheet } from './keys/key-sheet.tsx'
import { Palette } from './keys/palette.tsx'
import { useDeskKeys } from './keys/use-desk-keys.ts'
import { answersByItself } from './phone/answers-by-itself.ts'
import { answerCall, dropLostCall, muteVoice, phone } from './phone/phone.ts'
import { startRinging, stopRinging } from './phone/ring-tone.ts'
import { usePhone } from './phone/use-phone.ts'
import { SessionBar } from './session-bar.tsx'
import { useDeskState, useMyAgent } from './use-desk.ts'
import { usePhoneRecovery } from './phone/phone-recovery.ts'
import { RunContext } from './use-run.ts'
import { isWriting } from './work/is-writing.ts'

/** The server takes no commands of an ended session, so the phone itself hangs up. */
const callInPage: CallInPage = {
  isUp: () => {
    const { session } = phone.get()
    return session?.kind === 'incoming' && session.phase !== 'ringing'
  },
  subscribe: phone.subscribe,
  hangUp: dropLostCall,
}

/** By then the previous page has sent its unsaved drafts. */
const handOverMs = 1_000

export function AgentSession({ children }: { readonly children: ReactNode }) {
  useEffect(() => offerCall(callInPage), [])
  usePhoneOfThisPage()
  usePhoneRecovery()
  useOffer()
  useSoundOfThisDevice()
  useAutoAnswer()
  useMuteFollowsServer()
  useAskBeforeLeaving()
  useFreshLists()
  useConsultEnd()
  useTalkedIn()
  const [sheet, setSheet] = useState(false)
  const [palette, setPalette] = useState(false)
  const run = useDeskKeys({ openSheet: () => setSheet(true), openPalette: () => setPalette(true) })
  const state = useDeskState()
  const atDesk = usePathname() === '/desk'
  return (
    <RunContext value={run}>
      <ClearErrors key={`call ${callIdOf(state) ?? ''}`} />
      {!atDesk && <SessionBar />}
      {children}
      <DeskAnnouncer />
      <HoldReminder />
      <Boundary of="part" place={`${sheet} ${palette}`}>
        <KeySheet opened={sheet} close={() => setSheet(false)} />
        <Palette opened={palette} close={() => setPalette(false)} run={run} />
      </Boundary>
    </RunContext>
  )
}

/** One page of an agent has the phone; a page that was superseded releases it. */
function usePhoneOfThisPage(): void {
  const superseded = useLive((state) => state.superseded)
  const client = useQueryClient()
  const wasSuperseded = useRef(false)
  useEffect(() => {
    if (superseded) {
      wasSuperseded.current = true
      saveAndRelease()
      void releasePhone()
      return undefined
    }
    const gone = new AbortController()
    const readAgain = async (): Promise<void> => {
      await new Promise((resolve) => setTimeout(resolve, handOverMs))
      if (gone.signal.aborted) return
      wasSuperseded.current = false
      forgetAll()
      await Promise.all([
        client.invalidateQueries({ queryKey: ['calls'] }),
        // Reset instead of invalidate: the drafts were dropped here, so they must be reported even if
        // unchanged.
        client.resetQueries({ queryKey: ['requests', 'drafts'] }),
      ])
    }
    void claimPhone(gone.signal).then(() => (wasSuperseded.current ? readAgain() : undefined))
    return () => gone.abort()
  }, [superseded, client])
}

function useOffer(): void {
  const { t } = useTranslation()
  const state = useDeskState()
  const ringing = state.name === 'ringing' && !state.picking
  const notify = useEffectEvent(() => {
    if (state.name !== 'ringing' || !('Notification' in window) || document.hasFocus()) return null
    if (Notification.permission !== 'granted') return null
    const number = state.call?.caller ?? null
    const told = number === null ? t('common.withheld') : spokenNumber(number)
    const note = new Notification(t('phone.notification', { number: told }), { tag: 'linia-offer' })
    note.addEventListener('click', () => window.focus())
    return note
  })
  useEffect(() => {
    if (!ringing) return undefined
    // An agent who is typing on another screen, or has a secret to note there, is not taken away: the bar shows and
    // answers the call on every screen.
    if (window.location.pathname !== '/desk' && !isWriting() && !showsSecret()) navigate('/desk')
    startRinging()
    const note = notify()
    return () => {
      stopRinging()
      note?.close()
    }
  }, [ringing])
}

/** A sound fault of the page does not concern a desk phone. */
function useSoundOfThisDevice(): void {
  const onDesk = useMyAgent()?.phones.active === 'desk'
  useEffect(() => {
    if (onDesk) soundFault.set(null)
  }, [onDesk])
}

/** The agent hears the ring before the caller. */
const rungForMs = 800

/**
 * Answers a new leg of the same conversation automatically: the citizen must not wait for a key. Any other call only by the
 * agent's choice, and after the agent has heard it ring.
 */
function useAutoAnswer(): void {
  const state = useDeskState()
  const rings = usePhone((phone) => phone.session?.kind === 'incoming' && phone.session.phase === 'ringing')
  const asked = usePhone((phone) => phone.session?.autoAnswer === true)
  const callAsks = state.name === 'reconnecting' && state.call.autoAnswer
  const byItself = useStore(answersByItself)
  useEffect(() => {
    if (!rings) return undefined
    if (asked || callAsks) void answerCall()
    else if (byItself) {
      const timer = setTimeout(() => void answerCall(), rungForMs)
      return () => clearTimeout(timer)
    }
    return undefined
  }, [rings, asked, callAsks, byItself])
}

/** Closing the page ends its phone, so the browser asks first. */
function useAskBeforeLeaving(): void {
  const carries = usePhone((phone) => phone.session?.kind === 'incoming')
  useEffect(() => (carries ? askBeforeLeaving() : undefined), [carries])
}

/** Asterisk mutes the leg; the page's track follows, so that no voice leaves this computer. */
function useMuteFollowsServer(): void {
  const state = useDeskState()
  const muted = state.name === 'talking' && state.call?.muted === true
  useEffect(() => muteVoice(muted), [muted])
}

/**
 * Refetches the lists of calls after a change of state, after the end of an own call, and after that of a call which the
 * agent has sent on. The record lags behind the feed: what has ended is asked for again until it is there. A page that
 * has just been loaded has fetched them already.
 */
function useFreshLists(): void {
  const client = useQueryClient()
  const { name } = useDeskState()
  const { id: me } = useMe()
  const ended = useLive((state) => endedCalls(state, me))
  const before = useRef<DeskStateName>('connecting')
  useEffect(() => {
    const isFirst = before.current === 'connecting'
    before.current = name
    if (isFirst) return undefined
    const gone = new AbortController()
    void refreshLists(client, ended === '' ? [] : ended.split(' '), gone.signal)
    return () => gone.abort()
  }, [client, name, ended])
}

/** Clears errors of the previous call. Mounted with a new key for each call. */
function ClearErrors() {
  useEffect(() => {
    refusal.set(null)
    soundFault.set(null)
  }, [])
  return null
}
