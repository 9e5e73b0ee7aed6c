/** The supervisor's phone in this page. It answers by itself: it rings only for what the supervisor has asked for. */
import { useEffect, useRef } from 'react'
import { useLive } from '../../live/use-live.ts'
import { useMe } from '../../shared/server/me.ts'
import { useStore } from '../../shared/store.ts'
import { answerCall, closePhone, muteVoice, openPhone, phone } from '../../agent/phone/phone.ts'
import { usePhone } from '../../agent/phone/use-phone.ts'
import { isLegOf, myCallIn } from './my-call.ts'
import { asked, phoneIsRegistered } from './orders.ts'

export default function PagePhone() {
  const me = useMe()
  const calls = useLive((state) => state.calls)
  const request = useStore(asked)
  const mine = myCallIn(calls.values(), me.id)
  // In a page that is a desk as well, the phone is the desk's.
  const isDesks = useRef(phone.get().registration !== 'off')
  useEffect(() => {
    if (isDesks.current) return undefined
    void openPhone()
    return () => void closePhone()
  }, [])

  const isRegistered = usePhone(({ registration }) => registration === 'registered')
  useEffect(() => {
    phoneIsRegistered.set(isRegistered)
    return () => phoneIsRegistered.set(false)
  }, [isRegistered])

  const rings = usePhone(({ session }) =>
    session?.kind === 'incoming' && session.phase === 'ringing' ? (session.offerId ?? '') : null,
  )
  const again = usePhone(({ session }) => session?.autoAnswer === true)
  const call = mine?.call.id ?? request?.call ?? null
  const isMine = rings !== null && ((call !== null && isLegOf(rings, call)) || again)
  useEffect(() => {
    if (isMine) void answerCall()
  }, [isMine])

  // Asterisk mutes who only listens; without this their voice would leave the computer.
  const isQuiet = mine?.how === 'beside' && mine.supervision.mode === 'monitor'
  const isIn = mine !== null
  const isUp = usePhone(({ session }) => session?.phase === 'up')
  useEffect(() => {
    if (isUp && isIn) muteVoice(isQuiet)
  }, [isUp, isIn, isQuiet])
  return null
}
