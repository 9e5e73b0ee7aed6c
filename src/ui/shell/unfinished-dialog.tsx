import { Button, Group, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { navigate } from 'wouter/use-browser-location'
import { Dialog } from '../shared/components/dialog.tsx'
import { useMe } from '../shared/server/me.ts'
import { placeOfSecret } from '../shared/unsaved/shown-once.ts'
import { signOutAnyway } from './sign-out.ts'

interface UnfinishedDialogProps {
  /** Null: closed. */
  readonly of: 'code' | 'form' | null
  readonly close: () => void
}

/** Shown at sign-out while a code is not noted, or a form with names is typed and not sent. */
export function UnfinishedDialog({ of, close }: UnfinishedDialogProps) {
  const { t } = useTranslation()
  const me = useMe()
  const kind = of ?? 'code'
  const back = (): void => {
    const place = kind === 'code' ? placeOfSecret() : null
    close()
    if (place !== null && place !== window.location.pathname) navigate(place)
  }
  return (
    <Dialog opened={of !== null} close={close} title={t(`common.unsaved.${kind}Title`)} width={460}>
      <Text size="sm">{t(`common.unsaved.${kind}Text`)}</Text>
      <Group justify="flex-end" mt="md">
        <Button
          variant="subtle"
          color="red"
          onClick={() => void signOutAnyway(me)}
          data-action={`lose-${kind}`}
        >
          {t(`common.unsaved.${kind}Lose`)}
        </Button>
        <Button onClick={back} data-action={`back-to-${kind}`} data-autofocus>
          {t(`common.unsaved.${kind}Back`)}
        </Button>
      </Group>
    </Dialog>
  )
}
