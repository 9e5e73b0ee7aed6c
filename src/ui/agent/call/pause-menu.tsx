import { ActionIcon, Menu } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Icon } from '../../shared/components/icon.tsx'
import { unavailable } from '../../shared/components/unavailable.ts'
import { WhyNot } from '../../shared/components/why-not.tsx'
import { useOfferedPauses, usePauseName } from '../../shared/pause-names.ts'
import { pause } from '../desk-commands.ts'
import type { DeskState } from '../desk-state.ts'
import { useWhyNot } from '../use-desk.ts'
import styles from './call-zone.module.css'

/** The reasons for a pause that an agent may choose. */
export function PauseMenu({ state }: { readonly state: DeskState }) {
  const { t } = useTranslation()
  const offered = useOfferedPauses()
  const name = usePauseName()
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
        {offered.map(({ id, expectedMinutes }) => (
          <Menu.Item
            key={id}
            data-reason={id}
            rightSection={
              state.name === 'paused' && state.reason === id ? (
                <Icon name="ready" size={14} />
              ) : (
                expectedMinutes !== null && (
                  <span className={styles['expected']}>
                    {t('desk.expectedMinutes', { minutes: expectedMinutes })}
                  </span>
                )
              )
            }
            onClick={() => void pause(id)}
          >
            {t('desk.state.paused', { reason: name(id) })}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
