import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Icon } from '../../shared/components/icon.tsx'
import { unavailable } from '../../shared/components/unavailable.ts'
import { WhyNot } from '../../shared/components/why-not.tsx'
import { callOut } from '../desk-commands.ts'
import type { CallOut } from '../wire-names.ts'
import { onDesk } from '../work/open-pane.ts'
import { useWhyNoCallOut } from './use-why-no-call-out.ts'

interface CallBackProps {
  readonly whom: CallOut
  readonly label?: 'back' | 'again'
  /** Once the call has been placed. */
  readonly onPlaced?: () => void
}

/** Calls a citizen back, and opens the desk for the conversation. */
export function CallBack({ whom, label = 'back', onPlaced }: CallBackProps) {
  const { t } = useTranslation()
  const why = useWhyNoCallOut('number' in whom ? whom.number : null)
  async function call(): Promise<void> {
    if (why !== null || !(await callOut(whom))) return
    onDesk(() => undefined)
    onPlaced?.()
  }
  return (
    <WhyNot reason={why === null ? null : t(`desk.why.${why}`)}>
      <Button
        size="compact-sm"
        variant="default"
        leftSection={<Icon name="callOut" size={15} />}
        data-action="call-back"
        {...unavailable(why !== null)}
        onClick={() => void call()}
      >
        {t(`desk.outbound.${label}`)}
      </Button>
    </WhyNot>
  )
}
