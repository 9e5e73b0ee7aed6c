import { Menu } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { LiveCallView } from '../../../http/live/wire.ts'
import { Icon } from '../../shared/components/icon.tsx'
import { useMe } from '../../shared/server/me.ts'
import { supervise } from './orders.ts'
import { modeIcons } from './mode-icons.ts'
import { supervisionKeys } from './supervision-keys.ts'
import styles from '../board/board.module.css'

const modes = [
  ['monitor', 'listen'],
  ['whisper', 'whisper'],
  ['barge', 'barge'],
] as const

interface ConversationItemsProps {
  readonly call: LiveCallView
  /** Asks whether the call should end. */
  readonly ask: () => void
}

/** The actions on a conversation, in the menu of its agent. */
export function ConversationItems({ call, ask }: ConversationItemsProps) {
  const { t } = useTranslation()
  const me = useMe()
  return (
    <>
      {modes.map(([mode, name]) => (
        <Menu.Item
          key={mode}
          data-action={mode}
          leftSection={<Icon name={modeIcons[mode]} size={15} />}
          rightSection={<kbd className={styles['key']}>{supervisionKeys[mode]}</kbd>}
          onClick={() => void supervise(me.id, call.id, mode)}
        >
          {t(`supervision.${name}`)}
        </Menu.Item>
      ))}
      <Menu.Item
        data-action="end"
        leftSection={<Icon name="hangUp" size={15} />}
        rightSection={<kbd className={styles['key']}>{supervisionKeys.leave}</kbd>}
        closeMenuOnClick={false}
        onClick={ask}
      >
        {t('supervision.end')}
      </Menu.Item>
      <Menu.Divider />
    </>
  )
}
