/** What an agent's page does on every screen: keeps the phone and rings. */
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useEffectEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useLive } from '../live/use-live.ts'
import { navigate } from '../shared/router.ts'
import { spokenNumber } from '../shared/phone-number.ts'
import { arrive, leave } from './arrival.ts'
import { answerCall, muteVoice } from './phone/phone.ts'
import { startRinging, stopRinging } from './phone/ring-tone.ts'
import { usePhone } from './phone/use-phone.ts'
import { useDeskState } from './use-desk.ts'

const ledgerLagMs = 700

export function AgentSession() {
  usePhoneOfThisPage()
  useOffer()
  useAutoAnswer()
  useMuteFollowsServer()
  const { name } = useDeskState()
  return <FreshLists key={name} />
}

/** One page of an agent has the phone; a page that was taken over gives it up. */
function usePhoneOfThisPage(): void {
  const superseded = useLive((state) => state.superseded)
  useEffect(() => {
    const gone = new AbortController()
    void (superseded ? leave() : arrive(gone.signal))
    return () => gone.abort()
  }, [superseded])
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
    if (window.location.pathname !== '/desk') navigate('/desk')
    startRinging()
    const note = notify()
    return () => {
      stopRinging()
      note?.close()
    }
  }, [ringing])
}

/** The same conversation on a new leg: the citizen must not wait for a key. */
function useAutoAnswer(): void {
  const state = useDeskState()
  const rings = usePhone((phone) => phone.session?.kind === 'incoming' && phone.session.phase === 'ringing')
  const asked = usePhone((phone) => phone.session?.autoAnswer === true)
  const callAsks = state.name === 'reconnecting' && state.call.autoAnswer
  useEffect(() => {
    if (rings && (asked || callAsks)) void answerCall()
  }, [rings, asked, callAsks])
}

/** The exchange mutes for sure; the page's own track follows, so that no voice leaves this computer. */
function useMuteFollowsServer(): void {
  const state = useDeskState()
  const muted = state.name === 'talking' && state.call?.muted === true
  useEffect(() => muteVoice(muted), [muted])
}

/** The ledger learns of a call a moment after the line: mounted anew, this looks again. */
function FreshLists() {
  const client = useQueryClient()
  useEffect(() => {
    const later = setTimeout(() => void client.invalidateQueries({ queryKey: ['calls'] }), ledgerLagMs)
    return () => clearTimeout(later)
  }, [client])
  return null
}
