import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { ariaChord, type KeyAction } from '../keys/chords.ts'
import { useKey } from '../keys/use-keys.ts'
import script from '../script/script-zone.module.css'

/** The wrap-up of an agent who was only asked: there is no form. */
export function AskedEnd({ run }: { readonly run: (action: KeyAction) => void }) {
  const { t } = useTranslation()
  const key = useKey('save')
  return (
    <div className={script['end']}>
      <Button
        data-action="save"
        aria-keyshortcuts={ariaChord(key)}
        rightSection={<kbd className={script['key']}>{key}</kbd>}
        onClick={() => run('save')}
      >
        {t('desk.wrapUp.finish')}
      </Button>
    </div>
  )
}
