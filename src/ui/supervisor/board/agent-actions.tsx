import { ActionIcon, Menu } from '@mantine/core'
import { useEffect, useRef, useState, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import type { AgentView } from '../../../http/agents/wire.ts'
import { useLive } from '../../live/use-live.ts'
import { Icon } from '../../shared/components/icon.tsx'
import { unavailable } from '../../shared/components/unavailable.ts'
import { agentPath } from './agent-path.ts'
import { useSetAgentState } from './set-agent-state.ts'
import { signOutText } from './sign-out-text.ts'
import styles from './board.module.css'

/** On a row: sets a supervisor's pause, or lifts it. Not one of the desk's keys: supervisors can be agents too. */
export const pauseKey = 'Shift+F6'
export const isPauseKey = ({ key, shiftKey, ctrlKey, altKey, metaKey }: KeyboardEvent): boolean =>
  key === 'F6' && shiftKey && !ctrlKey && !altKey && !metaKey

interface AgentActionsProps {
  readonly agent: AgentView
  readonly report: (text: string) => void
}

/** A supervisor's actions on an agent; during a call they take effect after it. */
export function AgentActions({ agent, report }: AgentActionsProps) {
  const { t } = useTranslation()
  const fresh = useLive((state) => state.status === 'live')
  const [, navigate] = useLocation()
  const { set } = useSetAgentState(report)
  const [asking, setAsking] = useState(false)
  const held = agent.imposed !== null
  return (
    <Menu position="bottom-end" width={asking ? 290 : 230} disabled={!fresh} onClose={() => setAsking(false)}>
      <Menu.Target>
        <ActionIcon
          size={24}
          variant="subtle"
          color="gray"
          {...unavailable(!fresh)}
          title={fresh ? undefined : t('desk.why.feed')}
          aria-label={`${t('board.working.actions', { name: agent.name })}${fresh ? '' : `. ${t('desk.why.feed')}`}`}
        >
          <Icon name="more" size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {asking ? (
          <SignOutQuestion agent={agent} onYes={() => void set(agent, 'signed out')} />
        ) : (
          <>
            <Menu.Item onClick={() => navigate(agentPath(agent.id))}>{t('board.working.open')}</Menu.Item>
            <Menu.Item
              data-action={held ? 'lift' : 'pause'}
              rightSection={<kbd className={styles['key']}>{pauseKey}</kbd>}
              onClick={() => void set(agent, held ? 'ready' : 'paused')}
            >
              {t(held ? 'board.working.lift' : 'board.working.pause')}
            </Menu.Item>
            <Menu.Item data-action="sign-out" closeMenuOnClick={false} onClick={() => setAsking(true)}>
              {t('board.working.signOut')}
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}

/** In the menu's place, so that neither the pointer nor the focus has to go elsewhere. */
function SignOutQuestion({ agent, onYes }: { readonly agent: AgentView; readonly onYes: () => void }) {
  const { t } = useTranslation()
  const yes = useRef<HTMLButtonElement>(null)
  useEffect(() => yes.current?.focus(), [])
  const text = signOutText(agent, t)
  return (
    <>
      <Menu.Label className={styles['question']}>{text}</Menu.Label>
      <Menu.Item ref={yes} aria-description={text} data-action="confirm-sign-out" onClick={onYes}>
        {t('board.working.signOut')}
      </Menu.Item>
      <Menu.Item>{t('common.leave')}</Menu.Item>
    </>
  )
}
