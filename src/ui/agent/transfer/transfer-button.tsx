import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { SidePanel } from '../../shared/components/side-panel.tsx'
import { useStore } from '../../shared/store.ts'
import { CallButton } from '../call/call-button.tsx'
import type { DeskState } from '../desk-state.ts'
import { useMyAgent } from '../use-desk.ts'
import { InterpreterList } from '../contacts/interpreter-list.tsx'
import { closeInterpreters, interpretersOpen } from '../contacts/use-interpreter.ts'
import { useInterpreters } from '../contacts/use-interpreters.ts'
import { TransferPanel } from './transfer-panel.tsx'
import { closePanel, togglePanel, transferPanel } from './use-transfer.ts'
import styles from './transfer.module.css'

/** Opens the panel beside it; Escape closes it and gives the focus back. The list of interpreters has the same place. */
export function TransferButton({ state }: { readonly state: DeskState }) {
  const { t } = useTranslation()
  const offerId = useMyAgent()?.offerId ?? null
  const opened = useStore(transferPanel) === offerId && offerId !== null
  const interpreters = useInterpreters('call' in state ? (state.call?.language ?? null) : null)
  const chooses = useStore(interpretersOpen) === offerId && offerId !== null && !opened
  // The conversation is over, and the panel with it.
  useEffect(
    () => () => {
      closePanel()
      closeInterpreters()
    },
    [],
  )
  return (
    <SidePanel
      opened={opened || chooses}
      onChange={(open) => {
        if (chooses) interpretersOpen.set(open ? offerId : null)
        else transferPanel.set(open ? offerId : null)
      }}
      position="right-start"
      width={360}
      target={
        <div className={styles['place']} data-place="second">
          <CallButton
            action="transfer"
            icon="transfer"
            label={t('desk.transfer.button')}
            colour="grey"
            state={state}
            shape="plain"
            opens={opened}
            run={() => togglePanel(offerId)}
          />
        </div>
      }
    >
      {chooses ? (
        <InterpreterList interpreters={interpreters} offerId={offerId} />
      ) : (
        <TransferPanel offerId={offerId} close={closePanel} />
      )}
    </SidePanel>
  )
}
