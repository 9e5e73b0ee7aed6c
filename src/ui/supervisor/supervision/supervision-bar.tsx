import { lazy, Suspense, useEffect, useEffectEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SupervisionMode } from '../../../core/call.ts'
import type { LiveCallView } from '../../../http/live/wire.ts'
import { useLive } from '../../live/use-live.ts'
import { Icon, type IconName } from '../../shared/components/icon.tsx'
import { unavailable } from '../../shared/components/unavailable.ts'
import { spokenNumber } from '../../shared/phone-number.ts'
import { useMe } from '../../shared/server/me.ts'
import { problemText } from '../../shared/server/problem-text.ts'
import { useStore } from '../../shared/store.ts'
import { Elapsed } from '../../shared/time/elapsed.tsx'
import { modeIcons } from './mode-icons.ts'
import { isConversationOver, myCallIn, type MyCall } from './my-call.ts'
import {
  actOnTaken,
  asked,
  forgetSupervision,
  leaveCall,
  letPhoneGo,
  phoneWanted,
  refusedOrder,
  supervise,
  takeOver,
} from './orders.ts'
import { supervisionKeyOf, supervisionKeys, type SupervisionKey } from './supervision-keys.ts'
import { useKeptSupervision } from './use-kept-supervision.ts'
import styles from './supervision.module.css'

const PagePhone = lazy(() => import('./page-phone.tsx'))

/** The phone outlives a call by this, for the next order. */
const phoneStaysMs = 5_000
const overShownMs = 6_000

const modes = ['monitor', 'whisper', 'barge'] as const

/** At the foot of every screen of a supervisor, as long as they are in a call. */
export function SupervisionBar({ claimed }: { readonly claimed: boolean }) {
  const me = useMe()
  const calls = useLive((state) => state.calls)
  const found = myCallIn(calls.values(), me.id)
  // The desk of an agent shows the call that they serve.
  const mine = found?.how === 'taken' && me.roles.includes('agent') ? null : found
  const request = useStore(asked)
  const problem = useStore(refusedOrder)
  const wanted = usePhoneWhile(me.id, mine !== null || request !== null)
  useKeptSupervision(me.id, mine)
  const isOver = useJustOver(mine)
  const ringsAtDesk = claimed && mine?.how === 'beside' && mine.supervision.since === null
  const shown = mine !== null || request !== null || problem !== null || isOver
  return (
    <>
      {(wanted || ringsAtDesk) && (
        <Suspense fallback={null}>
          <PagePhone />
        </Suspense>
      )}
      {shown && <Bar me={me.id} mine={mine} requested={request?.call ?? null} isOver={isOver} />}
    </>
  )
}

/** Whether this page carries the phone. */
function usePhoneWhile(me: string, busy: boolean): boolean {
  const wanted = useStore(phoneWanted)
  useEffect(() => {
    if (busy || !wanted) return undefined
    const timer = setTimeout(() => letPhoneGo(me), phoneStaysMs)
    return () => clearTimeout(timer)
  }, [me, busy, wanted])
  return wanted
}

/** Whether the conversation has just ended, as opposed to being left. */
function useJustOver(mine: MyCall | null): boolean {
  const ended = useLive((state) => state.ended?.call.id ?? null)
  const calls = useLive((state) => state.calls)
  const [last, setLast] = useState<string | null>(null)
  const id = mine?.call.id ?? null
  if (id !== null && id !== last) setLast(id)
  const isOver = id === null && last !== null && isConversationOver(last, calls, ended)
  const isOut = id === null && last !== null
  useEffect(() => {
    if (!isOut) return undefined
    forgetSupervision()
    const timer = setTimeout(() => setLast(null), isOver ? overShownMs : 0)
    return () => clearTimeout(timer)
  }, [isOut, isOver])
  return isOver
}

interface BarProps {
  readonly me: string
  readonly mine: MyCall | null
  readonly requested: string | null
  readonly isOver: boolean
}

function Bar({ me, mine, requested, isOver }: BarProps) {
  const { t } = useTranslation()
  const fresh = useLive((state) => state.status === 'live')
  const asking = useLive((state) => (requested === null ? undefined : state.calls.get(requested)))
  const problem = useStore(refusedOrder)
  const run = (key: SupervisionKey): void => {
    if (!fresh || mine === null) return
    const { id } = mine.call
    if (mine.how === 'taken') {
      if (key === 'leave') void actOnTaken('hang-up')
    } else if (key === 'leave') void leaveCall(id)
    else if (key === 'take over') void takeOver(id)
    else if (key !== 'front') void supervise(me, id, key)
  }
  useKeysOfBar(run, mine !== null)
  useEffect(() => {
    if (problem === null) return undefined
    const timer = setTimeout(() => refusedOrder.set(null), 2 * overShownMs)
    return () => clearTimeout(timer)
  }, [problem])
  const call = mine?.call ?? asking
  const state = stateOf(mine, requested !== null)
  const said =
    problem !== null ? problemText(problem, t) : isOver && mine === null ? t('supervision.over') : ''
  return (
    <section
      className={styles['bar']}
      aria-label={t('supervision.label')}
      data-supervision={state}
      data-zone
      tabIndex={-1}
    >
      <Band mine={mine} state={state} />
      <span className={styles['whom']}>{call !== undefined && <Whom call={call} state={state} />}</span>
      {mine?.how === 'beside' && <BesideButtons mine={mine} fresh={fresh} run={run} />}
      {mine?.how === 'taken' && <TakenButtons call={mine.call} fresh={fresh} run={run} />}
      <output className={styles['problem']} data-supervision-problem>
        {said}
      </output>
    </section>
  )
}

type BarState = 'over' | 'asked' | 'ringing' | SupervisionMode | 'taken' | 'taken-held'

function stateOf(mine: MyCall | null, isAsked: boolean): BarState {
  if (mine === null) return isAsked ? 'asked' : 'over'
  if (mine.how === 'taken') return mine.call.phase === 'held' ? 'taken-held' : 'taken'
  return mine.supervision.since === null ? 'ringing' : mine.supervision.mode
}

function Band({ mine, state }: { readonly mine: MyCall | null; readonly state: BarState }) {
  const { t } = useTranslation()
  if (state === 'over') return null
  const isBeside = state === 'monitor' || state === 'whisper' || state === 'barge'
  const icon: IconName = isBeside ? modeIcons[state] : state === 'taken-held' ? 'held' : 'talking'
  const token =
    state === 'taken-held' ? 'held' : state === 'barge' || state === 'taken' ? 'talking' : 'paused'
  const desk = mine?.how === 'beside' && mine.supervision.device === 'desk'
  const words = isBeside
    ? t(`supervision.mode.${state}`)
    : state === 'taken'
      ? t('supervision.taken')
      : state === 'taken-held'
        ? t('supervision.takenHeld')
        : t(desk ? 'supervision.ringingDesk' : 'supervision.ringing')
  const since = mine === null ? null : mine.how === 'beside' ? mine.supervision.since : mine.call.since
  return (
    <output
      className={styles['band']}
      style={{ background: `var(--state-${token}-fill)`, color: `var(--state-${token}-on)` }}
    >
      <Icon name={icon} size={18} />
      {words}
      {since !== null && <Elapsed since={since} />}
    </output>
  )
}

function Whom({ call, state }: { readonly call: LiveCallView; readonly state: BarState }) {
  const { t } = useTranslation()
  const caller = call.caller === null ? t('common.withheld') : spokenNumber(call.caller)
  const isBeside = state === 'monitor' || state === 'whisper' || state === 'barge'
  return (
    <>
      <strong>
        {state === 'taken' || state === 'taken-held'
          ? caller
          : t('supervision.withCaller', { agent: call.agent?.name ?? t('common.none'), caller })}
      </strong>
      {isBeside && <small>{t(`supervision.heardBy.${state}`)}</small>}
    </>
  )
}

interface ButtonsProps {
  readonly fresh: boolean
  readonly run: (key: SupervisionKey) => void
}

function BesideButtons({
  mine,
  fresh,
  run,
}: ButtonsProps & { readonly mine: Extract<MyCall, { how: 'beside' }> }) {
  const { t } = useTranslation()
  const { since, mode } = mine.supervision
  const { phase } = mine.call
  const names = { monitor: 'listen', whisper: 'whisper', barge: 'barge' } as const
  return (
    <div className={styles['buttons']}>
      <Prefix />
      {since !== null && (
        <>
          {modes.map((one) => (
            <BarButton
              key={one}
              name={one}
              label={t(`supervision.${names[one]}`)}
              pressed={mode === one}
              off={!fresh}
              run={run}
            />
          ))}
          <BarButton
            name="take over"
            label={t('supervision.takeOver')}
            off={!fresh || (phase !== 'talking' && phase !== 'held')}
            run={run}
          />
        </>
      )}
      <BarButton name="leave" label={t('supervision.leave')} off={!fresh} run={run} />
    </div>
  )
}

function TakenButtons({ call, fresh, run }: ButtonsProps & { readonly call: LiveCallView }) {
  const { t } = useTranslation()
  const held = call.phase === 'held'
  return (
    <div className={styles['buttons']}>
      <button
        type="button"
        data-supervise={held ? 'resume' : 'hold'}
        {...unavailable(!fresh)}
        onClick={() => fresh && void actOnTaken(held ? 'resume' : 'hold')}
      >
        {t(held ? 'supervision.resume' : 'supervision.hold')}
      </button>
      <Prefix />
      <BarButton name="leave" label={t('supervision.hangUp')} off={!fresh} run={run} />
    </div>
  )
}

/** Of all keys of the bar; shown once. */
const prefix = 'Ctrl+Shift+'
const Prefix = () => <kbd aria-hidden="true">{prefix.slice(0, -1)} +</kbd>

interface BarButtonProps {
  readonly name: SupervisionKey
  readonly label: string
  readonly pressed?: boolean
  readonly off: boolean
  readonly run: (key: SupervisionKey) => void
}

function BarButton({ name, label, pressed, off, run }: BarButtonProps) {
  const key = supervisionKeys[name]
  return (
    <button
      type="button"
      data-supervise={name}
      {...(pressed === undefined ? {} : { 'aria-pressed': pressed })}
      aria-keyshortcuts={key.replace('Ctrl', 'Control')}
      {...unavailable(off)}
      onClick={() => !off && run(name)}
    >
      {label} <kbd>{key.replace(prefix, '')}</kbd>
    </button>
  )
}

/** On every screen, also while typing. */
function useKeysOfBar(run: (key: SupervisionKey) => void, active: boolean): void {
  const act = useEffectEvent(run)
  useEffect(() => {
    if (!active) return undefined
    function press(event: KeyboardEvent): void {
      const key = supervisionKeyOf(event)
      if (key === null || key === 'front') return
      event.preventDefault()
      event.stopPropagation()
      if (!event.repeat) act(key)
    }
    window.addEventListener('keydown', press, true)
    return () => window.removeEventListener('keydown', press, true)
  }, [active])
}
