import { Button, Group, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { navigate } from 'wouter/use-browser-location'
import { Dialog } from '../shared/components/dialog.tsx'
import { useMe } from '../shared/server/me.ts'
import { placeOfSecret } from '../shared/unsaved/shown-once.ts'
import { signOutAnyway } from './sign-out.ts'

interface CodeDialogProps {
  readonly opened: boolean
  readonly close: () => void
}

/** Shown at sign-out while a code that is shown only once is not noted. */
export function CodeDialog({ opened, close }: CodeDialogProps) {
  const { t } = useTranslation()
  const me = useMe()
  const back = (): void => {
    const place = placeOfSecret()
    close()
    if (place !== null && place !== window.location.pathname) navigate(place)
  }
  return (
    <Dialog opened={opened} close={close} title={t('common.unsaved.codeTitle')} width={460}>
      <Text size="sm">{t('common.unsaved.codeText')}</Text>
      <Group justify="flex-end" mt="md">
        <Button variant="subtle" color="red" onClick={() => void signOutAnyway(me)} data-action="lose-code">
          {t('common.unsaved.codeLose')}
        </Button>
        <Button onClick={back} data-action="back-to-code" data-autofocus>
          {t('common.unsaved.codeBack')}
        </Button>
      </Group>
    </Dialog>
  )
}
