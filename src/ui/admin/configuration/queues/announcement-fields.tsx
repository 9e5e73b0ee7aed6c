import { Checkbox, Fieldset } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type {
  AnnouncementSetting,
  Configuration,
  QueueSetting,
} from '../../../../core/configuration/schema.ts'
import { BoundedNumber } from '../bounded-number.tsx'
import { newAnnouncements } from '../draft.ts'
import type { Faults } from '../faults.ts'
import { useFurther } from '../words/use-further.ts'
import { TextList } from './text-list.tsx'
import styles from '../configuration.module.css'

interface AnnouncementFieldsProps {
  readonly queue: QueueSetting
  readonly document: Configuration
  readonly at: string
  readonly faults: Faults
  readonly change: (queue: QueueSetting) => void
}

const seconds = { firstAfterSeconds: 5, everySeconds: 30 } as const
const secondsMax = 600

/** The announcements to the queue's callers who wait. */
export function AnnouncementFields({ queue, document, at, faults, change }: AnnouncementFieldsProps) {
  const { t } = useTranslation()
  const { further } = useFurther(document)
  const { announce, ...withoutAnnouncements } = queue
  const { texts = [], ...others } = announce ?? newAnnouncements
  const set = (announced: AnnouncementSetting) => {
    const isSilent = !announced.position && !announced.estimate && announced.texts === undefined
    change(isSilent ? withoutAnnouncements : { ...queue, announce: announced })
  }
  return (
    <Fieldset
      legend={t('configuration.fields.announce')}
      className={styles['part'] ?? ''}
      data-field="announce"
    >
      <p>{t('configuration.hint.announce')}</p>
      <Checkbox
        label={t('configuration.fields.position')}
        checked={announce?.position ?? false}
        onChange={(event) =>
          set({ ...(announce ?? newAnnouncements), position: event.currentTarget.checked })
        }
        data-field="position"
      />
      <Checkbox
        label={t('configuration.fields.estimate')}
        description={t('configuration.hint.estimate')}
        checked={announce?.estimate ?? false}
        onChange={(event) =>
          set({ ...(announce ?? newAnnouncements), estimate: event.currentTarget.checked })
        }
        data-field="estimate"
      />
      <p>{t('configuration.texts.lead')}</p>
      <TextList
        texts={texts}
        further={further}
        at={`${at}.texts`}
        faults={faults}
        change={(next) => set(next.length === 0 ? others : { ...others, texts: next })}
      />
      {announce !== undefined &&
        (['firstAfterSeconds', 'everySeconds'] as const).map((field) => (
          <BoundedNumber
            key={field}
            field={field}
            label={t(`configuration.fields.${field}`)}
            description={t(`configuration.hint.${field}`)}
            value={announce[field]}
            bounds={[seconds[field], secondsMax]}
            change={(value) => {
              set({ ...announce, [field]: value })
            }}
          />
        ))}
    </Fieldset>
  )
}
