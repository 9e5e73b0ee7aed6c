import { Button, Group, Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { BusyButton } from '../shared/components/busy-button.tsx'
import { Dialog } from '../shared/components/dialog.tsx'
import { useMe } from '../shared/server/me.ts'
import { signOut, signOutAnyway } from './sign-out.ts'

interface UnsavedDialogProps {
  readonly opened: boolean
  readonly close: () => void
}

/** Shown at sign-out when a draft cannot be saved: save again, or lose it. */
export function UnsavedDialog({ opened, close }: UnsavedDialogProps) {
  const { t } = useTranslation()
  const me = useMe()
  const [trying, setTrying] = useState(false)
  const [failed, setFailed] = useState(false)
  const again = async (): Promise<void> => {
    setTrying(true)
    setFailed((await signOut(me)) === 'unsaved')
    setTrying(false)
  }
  const stay = (): void => {
    // The sign-out can no longer be cancelled.
    if (trying) return
    setFailed(false)
    close()
  }
  return (
    <Dialog opened={opened} close={stay} title={t('common.unsaved.title')} width={460}>
      <Text size="sm">{t('common.unsaved.text')}</Text>
      <Text size="sm" fw={600} mt="xs" role="alert">
        {failed && t('common.unsaved.failed')}
      </Text>
      <Group justify="flex-end" mt="md">
        <Button variant="subtle" color="red" onClick={() => void signOutAnyway(me)} data-action="lose">
          {t('common.unsaved.lose')}
        </Button>
        <BusyButton loading={trying} onClick={() => void again()} data-action="save-and-leave" data-autofocus>
          {t('common.unsaved.again')}
        </BusyButton>
      </Group>
    </Dialog>
  )
}
