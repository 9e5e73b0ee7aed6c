import { useLayoutEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { SidePanel } from '../../shared/components/side-panel.tsx'
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
    <SidePanel
      opened={opened}
      onChange={(open) => keypadOpen.set(open ? offerId : null)}
      position="right-end"
      width={232}
      target={
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
      }
    >
      <Keypad />
    </SidePanel>
  )
}
