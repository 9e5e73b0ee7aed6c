import { Popover } from '@mantine/core'
import { useLayoutEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from '../../shared/store.ts'
import { AidButton } from '../call/aid-button.tsx'
import type { DeskState } from '../desk-state.ts'
import { useMyAgent, useWhyNot } from '../use-desk.ts'
import type { Run } from '../use-run.ts'
import { Keypad } from './keypad.tsx'
import { closeKeypadByItself, keypadOpen } from './use-keypad.ts'

/** Opens the keypad beside it. A desk phone has keys of its own, so there is no button. */
export function KeypadButton({ state, run }: { readonly state: DeskState; readonly run: Run }) {
  const { t } = useTranslation()
  const agent = useMyAgent()
  const why = useWhyNot(state)('keypad')
  const offerId = agent?.offerId ?? null
  const opened = useStore(keypadOpen) === offerId && offerId !== null && why === null
  useLayoutEffect(() => {
    if (why !== null) closeKeypadByItself()
  }, [why])
  useLayoutEffect(() => closeKeypadByItself, [])
  if (agent?.offerDevice === 'desk') return null
  return (
    <Popover
      opened={opened}
      onChange={(open) => keypadOpen.set(open ? offerId : null)}
      position="right-end"
      width={232}
      middlewares={{ flip: false, shift: { crossAxis: true, padding: 8 } }}
      withRoles={false}
      // Hidden with a button that is scrolled away, it would lose the focus.
      hideDetached={false}
      shadow="md"
      trapFocus
      returnFocus
      transitionProps={{ duration: 0 }}
      portalProps={{ target: '#work' }}
    >
      <Popover.Target>
        <div>
          <AidButton
            action="keypad"
            label={t('desk.keypad.open')}
            icon="keypad"
            isOn={false}
            opens={opened}
            state={state}
            run={run}
          />
        </div>
      </Popover.Target>
      <Popover.Dropdown>
        <Keypad />
      </Popover.Dropdown>
    </Popover>
  )
}
