import { Button } from '@mantine/core'
import { useEffect, useRef, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { live } from '../../live/live-feed.ts'
import { wrongFieldsOf } from '../../shared/field-problems.ts'
import { useNow } from '../../shared/time/now.ts'
import { problemText } from '../../shared/server/problem-text.ts'
import { useStore } from '../../shared/store.ts'
import { conversationOf } from '../desk-state.ts'
import { useDeskState } from '../use-desk.ts'
import { focusUnlessTyping } from '../work/focus-unless-typing.ts'
import { usePaneAction } from '../work/pane-actions.ts'
import {
  askAgain,
  startCheck,
  check,
  confirm,
  expireGrant,
  showNextPerson,
  startAnother,
  startNewSearch,
} from './check-desk.ts'
import { asksAnother, screenShown, type CheckScreen } from './check-screen.ts'
import { PersonStrip } from './person-strip.tsx'
import { QuestionForm } from './question-form.tsx'
import { SearchForm } from './search-form.tsx'
import styles from './identity.module.css'

export interface GrantShown {
  readonly callId: string
  readonly handle: string
}

/**
 * Requires an identity check before any tax data. The children are shown for as long as the grant of the person on the
 * screen lasts; a further person of the call is checked beside it.
 */
export function IdentityGate({ children }: { readonly children: (grant: GrantShown) => ReactNode }) {
  const callId = conversationOf(useDeskState())
  const state = useStore(check)
  useEffect(() => void startCheck(callId), [callId])
  useGrantExpiry()
  // Right after a change of calls the check still belongs to the previous one.
  const isOfCall = callId !== null && callId === state.callId
  usePaneAction('another-person', isOfCall, startAnother)
  usePaneAction('next-person', isOfCall && state.people.length > 0, showNextPerson)
  const screen = screenShown(state)
  const person = screen !== state.screen && isOfCall
  return (
    <>
      {isOfCall && state.people.length > 0 && <PersonStrip />}
      {person &&
        (screen.name === 'granted' ? (
          children({ callId, handle: screen.handle })
        ) : (
          <Check screen={screen} away={false} />
        ))}
      {/* The check of a further person keeps what is typed while another account is looked at. */}
      {(!person || state.another) && <Check screen={state.screen} away={person} key={callId} />}
    </>
  )
}

/** `away`: another person is on the screen. */
function Check({ screen, away }: { readonly screen: CheckScreen; readonly away: boolean }) {
  const { t } = useTranslation()
  const { busy, problem } = useStore(check)
  return (
    <div
      className={styles['check']}
      hidden={away}
      {...(!away && { 'data-check': screen.name })}
      aria-busy={busy}
    >
      <Step screen={screen} />
      <div className={styles['problem']} role="alert">
        {problem !== null &&
          !(screen.name === 'search' && wrongFieldsOf(problem).length > 0) &&
          problemText(problem, t)}
      </div>
    </div>
  )
}

function Step({ screen }: { readonly screen: CheckScreen }) {
  const { t } = useTranslation()
  const state = useStore(check)
  const { callId, busy, problem } = state
  const isAskedMeanwhile = asksAnother(state, screen)
  switch (screen.name) {
    case 'no call':
      return <p className={styles['quiet']}>{t('identity.noCall')}</p>
    case 'search':
      return <SearchForm key={callId} noMatch={screen.noMatch} problem={problem} />
    case 'asking':
      return <QuestionForm screen={screen} busy={busy} />
    case 'failed':
      return (
        <Outcome
          bad
          title={t('identity.failed')}
          note={t(screen.again ? 'identity.failedAgain' : 'identity.failedLast')}
        >
          {screen.again && (
            <Proceed label={t('identity.askAgain')} busy={busy} run={() => void askAgain(screen.handle)} />
          )}
          <NewSearch />
        </Outcome>
      )
    case 'void':
      return (
        <Outcome title={t('identity.void')} note={t('identity.voidNote')}>
          <Proceed label={t('identity.askAgain')} busy={busy} run={() => void askAgain(screen.handle)} />
        </Outcome>
      )
    case 'refused':
      return (
        <Outcome
          bad
          title={t('identity.refused')}
          note={t(`identity.why.${screen.why}`, { lock: screen.lock ?? '' })}
        >
          <NewSearch />
        </Outcome>
      )
    case 'to confirm':
      return (
        <Outcome title={t('identity.toConfirm')} note={t('identity.toConfirmNote')}>
          <Proceed label={t('identity.confirm')} busy={busy} run={() => void confirm(screen.handle)} />
          <NewSearch label={t('identity.notSame')} run={isAskedMeanwhile ? startAnother : startNewSearch} />
        </Outcome>
      )
    case 'run out':
      return isAskedMeanwhile ? (
        <Outcome title={t('identity.runOut')} note={t('identity.runOutMeanwhile')}>
          <Proceed label={t('identity.backToQuestions')} busy={busy} run={startAnother} />
        </Outcome>
      ) : (
        <Outcome title={t('identity.runOut')} note={t('identity.runOutNote')}>
          <Proceed label={t('identity.checkAgain')} busy={busy} run={() => void askAgain(screen.handle)} />
          <NewSearch />
        </Outcome>
      )
    case 'granted':
      return null
  }
}

interface OutcomeProps {
  readonly title: string
  readonly note: string
  readonly bad?: boolean
  readonly children: ReactNode
}

function Outcome({ title, note, bad = false, children }: OutcomeProps) {
  return (
    <>
      <output className={styles['verdict']} data-bad={bad}>
        {title}
      </output>
      <p className={styles['note']}>{note}</p>
      <div className={styles['buttons']}>{children}</div>
    </>
  )
}

interface ProceedProps {
  readonly label: string
  readonly busy: boolean
  readonly run: () => void
}

/** The button that Enter presses next, so that the agent's hands stay on the keyboard. */
function Proceed({ label, busy, run }: ProceedProps) {
  const button = useRef<HTMLButtonElement>(null)
  useEffect(() => focusUnlessTyping(button.current), [])
  return (
    <Button ref={button} disabled={busy} onClick={run} data-action="proceed">
      {label}
    </Button>
  )
}

interface NewSearchProps {
  readonly label?: string
  readonly run?: () => void
}

function NewSearch({ label, run = startNewSearch }: NewSearchProps) {
  const { t } = useTranslation()
  return (
    <Button variant="default" onClick={run}>
      {label ?? t('identity.anew')}
    </Button>
  )
}

/** Removes a grant, and everything shown under it, when its time is over. */
function useGrantExpiry(): void {
  const now = useNow()
  const { people } = useStore(check)
  const over = people.find(
    ({ step }) => step.name === 'granted' && now + live.get().skewMs >= Date.parse(step.until),
  )?.step.handle
  useEffect(() => {
    if (over !== undefined) expireGrant(over)
  }, [over])
}
