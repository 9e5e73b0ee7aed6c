import { Textarea } from '@mantine/core'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { useWrapUpCodes } from '../../shared/server/wrap-up-codes.ts'
import { useStore } from '../../shared/store.ts'
import { clock } from '../../shared/time/time.ts'
import type { Saved } from '../../shared/unsaved/autosave.ts'
import { draftsOf } from './drafts.ts'
import styles from './script-zone.module.css'

const notesMax = 8_000

/** Free text, saved on the server as it is typed. */
export function Notes({ callId }: { readonly callId: string }) {
  const { t, i18n } = useTranslation()
  const { notes } = draftsOf(callId)
  const hasCodes = useWrapUpCodes().length > 0
  const saved = useStore(notes.store)
  return (
    <div className={styles['notes']}>
      <Textarea
        label={t('desk.notes.label')}
        placeholder={t('desk.notes.placeholder')}
        value={saved.value}
        onChange={(event) => notes.change(event.currentTarget.value)}
        maxLength={notesMax}
        autosize
        // The row of the code in the form below takes the room of one.
        minRows={hasCodes ? 2 : 3}
        classNames={{ input: styles['paper'], label: styles['label'] }}
        data-notes
      />
      <output className={styles['kept']} data-status={saved.status}>
        {standing(saved, t, i18n.language)}
      </output>
    </div>
  )
}

function standing(saved: Saved<string>, t: TFunction, language: string): string {
  if (saved.status === 'failed') return t('desk.notes.failed')
  if (saved.status === 'saving' || saved.status === 'waiting') return t('desk.notes.saving')
  return saved.savedAt === null
    ? t('desk.notes.typed')
    : t('desk.notes.saved', { time: clock(saved.savedAt, language) })
}
