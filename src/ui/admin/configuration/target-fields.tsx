import { Checkbox, Fieldset } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { targetBounds, type QueueSetting } from '../../../core/configuration/schema.ts'
import { BoundedNumber } from './bounded-number.tsx'
import { newTarget } from './draft.ts'
import styles from './configuration.module.css'

interface TargetFieldsProps {
  readonly queue: QueueSetting
  readonly change: (queue: QueueSetting) => void
}

/** The service level that the queue is to have. */
export function TargetFields({ queue, change }: TargetFieldsProps) {
  const { t } = useTranslation()
  const { target, ...withoutTarget } = queue
  return (
    <Fieldset legend={t('configuration.fields.target')} className={styles['part'] ?? ''} data-field="target">
      <p>{t('configuration.hint.target')}</p>
      <Checkbox
        label={t('configuration.fields.hasTarget')}
        checked={target !== undefined}
        onChange={(event) => {
          change(event.currentTarget.checked ? { ...queue, target: newTarget } : withoutTarget)
        }}
        data-field="hasTarget"
      />
      {target !== undefined &&
        (['percent', 'withinSeconds'] as const).map((field) => (
          <BoundedNumber
            key={field}
            field={field}
            label={t(`configuration.fields.${field}`)}
            description={t(`configuration.hint.${field}`)}
            value={target[field]}
            bounds={targetBounds[field]}
            change={(value) => {
              change({ ...queue, target: { ...target, [field]: value } })
            }}
          />
        ))}
    </Fieldset>
  )
}
