import { ActionIcon, Menu } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Icon } from '../../shared/components/icon.tsx'
import { unavailable } from '../../shared/components/unavailable.ts'
import { WhyNot } from '../../shared/components/why-not.tsx'
import { pause } from '../desk-commands.ts'
import type { DeskState } from '../desk-state.ts'
import { useWhyNot } from '../use-desk.ts'
import { chosenReasons } from '../wire-names.ts'

/** The reasons for a pause that an agent may choose. */
export function PauseMenu({ state }: { readonly state: DeskState }) {
  const { t } = useTranslation()
  const why = useWhyNot(state)('pause-reason')
  const label = why === null ? t('desk.chooseReason') : t(`desk.why.${why}`)
  return (
    <Menu position="bottom-end" width={230} disabled={why !== null}>
      <WhyNot reason={label}>
        <Menu.Target>
          <ActionIcon
            size={42}
            variant="default"
            aria-label={t('desk.chooseReason')}
            {...unavailable(why !== null)}
            data-action="reasons"
          >
            <Icon name="down" />
          </ActionIcon>
        </Menu.Target>
      </WhyNot>
      <Menu.Dropdown>
        <Menu.Label>{t('desk.chooseReason')}</Menu.Label>
        {chosenReasons.map((reason) => (
          <Menu.Item
            key={reason}
            rightSection={
              state.name === 'paused' && state.reason === reason ? <Icon name="ready" size={14} /> : null
            }
            onClick={() => void pause(reason)}
          >
            {t('desk.state.paused', { reason: t(`common.reason.${reason}`) })}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
