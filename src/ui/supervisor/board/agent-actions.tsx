import { ActionIcon, Menu } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { AgentView } from '../../../http/agents/wire.ts'
import { useLive } from '../../live/use-live.ts'
import { api } from '../../shared/server/api.ts'
import { Icon } from '../../shared/components/icon.tsx'
import { unavailable } from '../../shared/components/unavailable.ts'
import { problemText } from '../../shared/server/problem-text.ts'

interface AgentActionsProps {
  readonly agent: AgentView
  readonly report: (text: string) => void
}

/** A supervisor's actions on an agent; during a call they take effect after it. */
export function AgentActions({ agent, report }: AgentActionsProps) {
  const { t } = useTranslation()
  const fresh = useLive((state) => state.status === 'live')
  async function set(state: 'paused' | 'signed out'): Promise<void> {
    try {
      await api('PUT', `/agents/${encodeURIComponent(agent.id)}/state`, { state })
      report(t(state === 'paused' ? 'board.working.paused' : 'board.working.signedOut', { name: agent.name }))
    } catch (error) {
      report(problemText(error, t))
    }
  }
  return (
    <Menu position="bottom-end" width={180} disabled={!fresh}>
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
        <Menu.Item disabled={agent.state === 'paused'} onClick={() => void set('paused')}>
          {t('board.working.pause')}
        </Menu.Item>
        <Menu.Item onClick={() => void set('signed out')}>{t('board.working.signOut')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
