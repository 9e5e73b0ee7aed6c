import { Button, Group, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { Dialog } from '../shared/components/dialog.tsx'
import type { Engagement } from './use-engagement.ts'

interface LeaveCallDialogProps {
  /** Null: the dialog is closed. */
  readonly engagement: Engagement | null
  readonly stay: () => void
  readonly leave: () => void
}

/** Asks before a sign-out in a call, and says what it means for the citizen. Staying comes first. */
export function LeaveCallDialog({ engagement, stay, leave }: LeaveCallDialogProps) {
  const { t } = useTranslation()
  return (
    <Dialog
      opened={engagement !== null}
      close={stay}
      title={engagement === null ? '' : t(`common.leaving.${engagement}.title`)}
      width={480}
    >
      {engagement !== null && (
        <div data-leaving={engagement}>
          <Text size="sm">{t(`common.leaving.${engagement}.text`)}</Text>
          <Group mt="md">
            <Button data-action="stay" data-autofocus onClick={stay}>
              {t(`common.leaving.${engagement}.stay`)}
            </Button>
            <Button variant="subtle" color="red" data-action="leave-call" onClick={leave}>
              {t('common.signOut')}
            </Button>
          </Group>
        </div>
      )}
    </Dialog>
  )
}
