import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useLive } from '../live/use-live.ts'
import { spokenNumber } from '../shared/phone-number.ts'
import { createStore, useStore } from '../shared/store.ts'
import { useStateText } from './desk-state-text.ts'
import { useConsultText } from './consult/use-consult-text.ts'
import { useDeskCall, useDeskState, useIsAsked, useMuted } from './use-desk.ts'
import { useQueueName } from '../shared/server/queue-names.ts'

/** The text that the key `speak-time` last announced; the running timers are silent. */
export const spokenTime = createStore('')

/** Announcements for screen readers: an offer and a lost call interrupt, other changes are polite. */
export function DeskAnnouncer() {
  const { t } = useTranslation()
  const queueName = useQueueName()
  const state = useDeskState()
  const call = useDeskCall(state)
  const muted = useMuted(state)
  const ended = useLive((live) => live.ended)
  const time = useStore(spokenTime)
  const text = useStateText(state, muted)
  const before = useRef(state.name)
  const [lost, setLost] = useState(false)

  useEffect(() => {
    const rang = before.current === 'ringing'
    const gone = state.name === 'ready' || state.name === 'paused'
    setLost(rang && gone && ended?.outcome === 'abandoned')
    before.current = state.name
  }, [state.name, ended])

  const number = call?.caller === null || call === null ? t('common.withheld') : spokenNumber(call.caller)
  const asked = useIsAsked(state)
  const offer =
    state.name !== 'ringing'
      ? ''
      : asked
        ? t('desk.consult.rang', { name: call?.agent?.name ?? '', number })
        : t('desk.rang', { number, queue: queueName(call?.queue.id ?? null) ?? '' })
  return (
    <div className="spoken-only">
      <p role="alert">{lost ? t('desk.lost') : offer}</p>
      <output>{state.name === 'ringing' ? '' : text}</output>
      <output>{useConsultText(state)}</output>
      <output>{time}</output>
    </div>
  )
}
