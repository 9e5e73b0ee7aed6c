import { Button } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AgentView } from '../../../http/agents/wire.ts'
import { useLive } from '../../live/use-live.ts'
import { unavailable } from '../../shared/components/unavailable.ts'
import { useSetAgentState } from '../board/set-agent-state.ts'
import { signOutText } from '../board/sign-out-text.ts'
import styles from './agent-page.module.css'

interface AgentButtonsProps {
  readonly agent: AgentView
  readonly report: (text: string) => void
}

/** Pause, its lifting, and sign-out, which asks first. */
export function AgentButtons({ agent, report }: AgentButtonsProps) {
  const { t } = useTranslation()
  const fresh = useLive((state) => state.status === 'live')
  const { set } = useSetAgentState(report)
  const [asking, setAsking] = useState(false)
  const yes = useRef<HTMLButtonElement>(null)
  const opener = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    if (asking) yes.current?.focus()
  }, [asking])
  function answer(signsOut: boolean): void {
    setAsking(false)
    opener.current?.focus()
    if (signsOut) void set(agent, 'signed out')
  }
  const props = { ...unavailable(!fresh), title: fresh ? undefined : t('desk.why.feed') }
  if (agent.state === 'signed out') return null
  const held = agent.imposed !== null
  return (
    <>
      <div className={styles['buttons']}>
        <Button
          variant={held ? 'filled' : 'default'}
          data-action={held ? 'lift' : 'pause'}
          {...props}
          onClick={() => fresh && void set(agent, held ? 'ready' : 'paused')}
        >
          {t(held ? 'board.working.lift' : 'board.working.pause')}
        </Button>
        <Button
          ref={opener}
          variant="default"
          data-action="sign-out"
          aria-expanded={asking}
          {...props}
          onClick={() => fresh && setAsking(true)}
        >
          {t('board.working.signOut')}
        </Button>
      </div>
      {asking && (
        <fieldset className={styles['question']}>
          <legend>{signOutText(agent, t)}</legend>
          <Button
            ref={yes}
            className={styles['danger']}
            data-action="confirm-sign-out"
            onClick={() => answer(true)}
          >
            {t('board.working.signOut')}
          </Button>
          <Button variant="default" onClick={() => answer(false)}>
            {t('common.leave')}
          </Button>
        </fieldset>
      )}
    </>
  )
}
