import { Checkbox, Fieldset } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { callbackBounds, type QueueSetting } from '../../../../core/configuration/schema.ts'
import { BoundedNumber } from '../bounded-number.tsx'
import { newCallback } from '../draft.ts'
import styles from '../configuration.module.css'

interface CallbackFieldsProps {
  readonly queue: QueueSetting
  readonly change: (queue: QueueSetting) => void
}

/** Whether the queue's callers may choose by key to be called back. */
export function CallbackFields({ queue, change }: CallbackFieldsProps) {
  const { t } = useTranslation()
  const { callback, ...withoutCallback } = queue
  return (
    <Fieldset
      legend={t('configuration.fields.callback')}
      className={styles['part'] ?? ''}
      data-field="callback"
    >
      <p>{t('configuration.hint.callback')}</p>
      <Checkbox
        label={t('configuration.fields.isAsked')}
        checked={callback !== undefined}
        onChange={(event) => {
          change(event.currentTarget.checked ? { ...queue, callback: newCallback } : withoutCallback)
        }}
        data-field="isAsked"
      />
      {callback !== undefined &&
        (['afterSeconds', 'standingMax'] as const).map((field) => (
          <BoundedNumber
            key={field}
            field={field}
            label={t(`configuration.fields.${field}`)}
            description={t(`configuration.hint.${field}`)}
            value={callback[field]}
            bounds={callbackBounds[field]}
            change={(value) => {
              change({ ...queue, callback: { ...callback, [field]: value } })
            }}
          />
        ))}
    </Fieldset>
  )
}
