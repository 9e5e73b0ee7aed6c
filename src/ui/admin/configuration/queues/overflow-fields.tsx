import { Checkbox, Fieldset, NativeSelect } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import {
  overflowBounds,
  type Configuration,
  type OverflowSetting,
  type QueueSetting,
} from '../../../../core/configuration/schema.ts'
import { BoundedNumber } from '../bounded-number.tsx'
import type { Faults } from '../faults.ts'
import { optionsOf } from '../options.ts'
import styles from '../configuration.module.css'

interface OverflowFieldsProps {
  readonly queue: QueueSetting
  readonly document: Configuration
  readonly at: string
  readonly faults: Faults
  readonly change: (queue: QueueSetting) => void
}

/** To which queue the queue's callers go, and when. */
export function OverflowFields({ queue, document, at, faults, change }: OverflowFieldsProps) {
  const { t } = useTranslation()
  const { overflow, ...withoutOverflow } = queue
  const others = optionsOf(
    document.queues.filter(({ id }) => id !== queue.id),
    overflow?.to,
    t('configuration.nameless'),
  )
  const set = (changed: OverflowSetting) => change({ ...queue, overflow: changed })
  return (
    <Fieldset
      legend={t('configuration.fields.overflow')}
      className={styles['part'] ?? ''}
      data-field="overflow"
    >
      <p>{t('configuration.overflow.lead')}</p>
      <NativeSelect
        label={t('configuration.overflow.to')}
        value={overflow?.to ?? ''}
        error={faults.of(`${at}.to`)}
        data={[{ value: '', label: t('configuration.overflow.stay') }, ...others]}
        onChange={(event) => {
          const to = event.currentTarget.value
          if (to === '') change(withoutOverflow)
          else set({ ...(overflow ?? { whenNobodySignedIn: true }), to })
        }}
        data-field="overflowTo"
      />
      {overflow !== undefined && (
        <>
          <Checkbox
            label={t('configuration.overflow.whenNobodySignedIn')}
            description={t('configuration.overflow.signedInHint')}
            checked={overflow.whenNobodySignedIn ?? false}
            error={faults.of(at)}
            onChange={(event) => {
              const { whenNobodySignedIn: _, ...bounds } = overflow
              set(event.currentTarget.checked ? { ...bounds, whenNobodySignedIn: true } : bounds)
            }}
            data-field="whenNobodySignedIn"
          />
          {(['whenWaiting', 'afterSeconds'] as const).map((field) => {
            const { [field]: value, ...others } = overflow
            return (
              <BoundedNumber
                key={field}
                field={field === 'afterSeconds' ? 'overflowAfterSeconds' : field}
                label={t(`configuration.overflow.${field}`)}
                description={t(`configuration.overflow.${field}Hint`)}
                value={value}
                bounds={overflowBounds[field]}
                change={(typed) => set({ ...overflow, [field]: typed })}
                clear={() => set(others)}
              />
            )
          })}
        </>
      )}
    </Fieldset>
  )
}
