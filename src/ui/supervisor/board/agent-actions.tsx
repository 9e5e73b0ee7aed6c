import { Menu } from '@mantine/core'
import type { KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import type { AgentView, SetAgentState } from '../../../http/agents/wire.ts'
import type { LiveCallView } from '../../../http/live/wire.ts'
import { useMe } from '../../shared/server/me.ts'
import { ConversationItems } from '../supervision/conversation-items.tsx'
import { EndQuestion } from '../supervision/end-question.tsx'
import { isConversation } from '../supervision/my-call.ts'
import { ReasonQuestion } from '../supervision/reason-question.tsx'
import { RowMenu } from '../supervision/row-menu.tsx'
import { useRowMenu, type RowQuestion } from '../supervision/use-row-menu.ts'
import { agentPath } from './agent-path.ts'
import { useSetAgentState } from './set-agent-state.ts'
import { signOutText } from './sign-out-text.ts'
import styles from './board.module.css'

/** On a row: sets a supervisor's pause, or lifts it. Not one of the desk's keys: supervisors can be agents too. */
export const pauseKey = 'Shift+F6'
export const isPauseKey = ({ key, shiftKey, ctrlKey, altKey, metaKey }: KeyboardEvent): boolean =>
  key === 'F6' && shiftKey && !ctrlKey && !altKey && !metaKey

/** A question in the place of the menu’s actions. */
export type AgentQuestion = SetAgentState['state'] | 'end call'

interface AgentActionsProps {
  readonly agent: AgentView
  readonly call: LiveCallView | undefined
  readonly report: (text: string) => void
  /** By a key on the row. */
  readonly asked: RowQuestion<AgentQuestion> | null
}

/** A supervisor's actions on an agent, which during a call take effect after it, and on their conversation. */
export function AgentActions({ agent, call, report, asked }: AgentActionsProps) {
  const { t } = useTranslation()
  const me = useMe()
  const [, navigate] = useLocation()
  const { set } = useSetAgentState(report)
  const { opened, question, ask: setQuestion, onChange } = useRowMenu(asked)
  const held = agent.imposed !== null
  const own = agent.state === 'paused' && !held
  const talks =
    call !== undefined && call.agent?.id === agent.id && isConversation(call) && agent.id !== me.id
  const ask = (of: AgentQuestion) => ({ closeMenuOnClick: false, onClick: () => setQuestion(of) })
  return (
    <RowMenu
      label={t('board.working.actions', { name: agent.name })}
      width={290}
      opened={opened}
      onChange={onChange}
    >
      {question === null && (
        <>
          {talks && <ConversationItems call={call} ask={() => setQuestion('end call')} />}
          <Menu.Item onClick={() => navigate(agentPath(agent.id))}>{t('board.working.open')}</Menu.Item>
          {own && (
            <Menu.Item data-action="ready" {...ask('ready')}>
              {t('supervision.makeReady')}
            </Menu.Item>
          )}
          <Menu.Item
            data-action={held ? 'lift' : 'pause'}
            rightSection={<kbd className={styles['key']}>{pauseKey}</kbd>}
            {...(held ? { onClick: () => void set(agent, 'ready') } : ask('paused'))}
          >
            {t(held ? 'board.working.lift' : 'board.working.pause')}
          </Menu.Item>
          <Menu.Item data-action="sign-out" {...ask('signed out')}>
            {t('board.working.signOut')}
          </Menu.Item>
        </>
      )}
      {question === 'end call' && call !== undefined && <EndQuestion call={call} report={report} />}
      {question !== null && question !== 'end call' && (
        <ReasonQuestion
          title={question === 'signed out' ? signOutText(agent, t) : ''}
          action={question === 'signed out' ? 'sign-out' : question}
          onReason={(reason) => void set(agent, question, reason)}
        />
      )}
    </RowMenu>
  )
}
