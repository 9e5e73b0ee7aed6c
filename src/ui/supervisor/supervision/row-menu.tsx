import { ActionIcon, Menu } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useLive } from '../../live/use-live.ts'
import { Icon } from '../../shared/components/icon.tsx'
import { unavailable } from '../../shared/components/unavailable.ts'

/** Mantine adds `keydown`, and the key that opens the menu would close it. */
const closingEvents = ['mousedown', 'touchstart']

interface RowMenuProps {
  /** Names the row for those who do not see it. */
  readonly label: string
  readonly width: number
  readonly opened: boolean
  readonly onChange: (opened: boolean) => void
  readonly children: ReactNode
}

/** The actions on a row of the board; none while the board shows old figures. */
export function RowMenu({ label, width, opened, onChange, children }: RowMenuProps) {
  const { t } = useTranslation()
  const fresh = useLive((state) => state.status === 'live')
  return (
    <Menu
      position="bottom-end"
      width={width}
      disabled={!fresh}
      opened={opened}
      onChange={onChange}
      clickOutsideEvents={closingEvents}
    >
      <Menu.Target>
        <ActionIcon
          size={24}
          variant="subtle"
          color="gray"
          {...unavailable(!fresh)}
          title={fresh ? undefined : t('desk.why.feed')}
          aria-label={`${label}${fresh ? '' : `. ${t('desk.why.feed')}`}`}
        >
          <Icon name="more" size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>{children}</Menu.Dropdown>
    </Menu>
  )
}
