import { useTranslation } from 'react-i18next'
import { Boundary } from '../../shared/components/boundary.tsx'
import { NoticesOf } from '../../knowledge/notices-of.tsx'
import { useMe } from '../../shared/server/me.ts'
import { useNow } from '../../shared/time/now.ts'
import { longDate } from '../../shared/time/time.ts'
import { useStore } from '../../shared/store.ts'
import { AskedWords } from '../consult/asked-words.tsx'
import { consultIn } from '../desk-actions.ts'
import { callIdOf, isAsked, isCalledBack, type DeskState, type DeskStateName } from '../desk-state.ts'
import { useDeskCall } from '../use-desk.ts'
import { openPane } from '../work/open-pane.ts'
import { panes } from '../work/panes.tsx'
import styles from './script-zone.module.css'

/** The sentences to say in the current state, in a size that can be read at arm's length. */
export function Script({ state }: { readonly state: DeskState }) {
  const { t, i18n } = useTranslation()
  const me = useMe()
  const now = useNow()
  const call = useDeskCall(state)
  const asked = isAsked(call, me.id)
  const queue = call?.queue.id ?? ''
  const greeting = t('desk.words.greeting', { name: me.name })
  return (
    <div
      className={styles['script']}
      data-idle={idle[state.name]}
      {...(state.name === 'talking' && { role: 'region', 'aria-label': t('desk.words.say') })}
    >
      {queue !== '' && <NoticesOf queue={queue} />}
      <h2 className={styles['heading']}>{t('desk.words.say')}</h2>
      {state.name === 'ringing' && !asked && isCalledBack(call) && <p>{t('desk.words.callback')}</p>}
      {state.name === 'ringing' && !asked && !isCalledBack(call) && (
        <p className={styles['aloud']}>{greeting}</p>
      )}
      {(state.name === 'consulted' || (state.name === 'ringing' && asked)) && <AskedWords call={call} />}
      {state.name === 'talking' && <Talking callId={callIdOf(state)} />}
      {state.name === 'held' && consultIn(state) !== null && (
        <>
          <p>{t('desk.consult.words.asking')}</p>
          <p className={styles['aloud']}>{t('desk.words.held')}</p>
        </>
      )}
      {state.name === 'held' && consultIn(state) === null && (
        <>
          <p>{t('desk.words.heldNote')}</p>
          <p className={styles['aloud']}>{t('desk.words.held')}</p>
        </>
      )}
      {state.name === 'reconnecting' && (
        <>
          <p>{t('desk.words.reconnectingNote')}</p>
          <p className={styles['aloud']}>{t('desk.words.reconnecting')}</p>
        </>
      )}
      {state.name === 'wrap-up' && <p>{t('desk.words.wrapUp')}</p>}
      {idle[state.name] && (
        <>
          <p>{t('desk.words.idle')}</p>
          <p className={styles['aloud']}>{greeting}</p>
          <p className={styles['today']}>
            {t('desk.words.today')} <strong>{longDate(now, i18n.language)}</strong>
          </p>
        </>
      )}
    </div>
  )
}

/** The script of the open tab, otherwise the general one. */
function Talking({ callId }: { readonly callId: string | null }) {
  const { t } = useTranslation()
  const open = useStore(openPane)
  const PaneScript = panes.find(({ name }) => name === open)?.Script
  const otherwise = (
    <>
      <p>{t('desk.words.talking1')}</p>
      <p className={styles['aloud']}>{t('desk.words.talking2')}</p>
      <p>{t('desk.words.talking3')}</p>
    </>
  )
  if (PaneScript === undefined || callId === null) return otherwise
  // An error in the script must not take notes and wrap-up with it.
  return (
    <Boundary of="part" place={open}>
      <PaneScript callId={callId} otherwise={otherwise} />
    </Boundary>
  )
}

const idle: Readonly<Record<DeskStateName, boolean>> = {
  connecting: true,
  elsewhere: true,
  'signed-out': true,
  ready: true,
  paused: true,
  'no-phone': true,
  ringing: false,
  calling: false,
  talking: false,
  held: false,
  consulted: false,
  reconnecting: false,
  'wrap-up': false,
}
