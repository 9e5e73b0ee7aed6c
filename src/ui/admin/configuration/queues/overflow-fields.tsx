import { Checkbox, Fieldset, NativeSelect } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import {
  overflowBounds,
  type Configuration,
  type OverflowSetting,
  type QueueSetting,
} from '../../../../core/configuration/schema.ts'
import { overflowWays } from '../../../../core/configuration/overflow.ts'
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

/** The bounds of an overflow that is new. */
const first: OverflowSetting = { whenNobodySignedIn: true }
/** No queue has such an id. */
const ofWay = '*'

/** Where the queue's callers go, and when. */
export function OverflowFields({ queue, document, at, faults, change }: OverflowFieldsProps) {
  const { t } = useTranslation()
  const { overflow, ...withoutOverflow } = queue
  const others = optionsOf(
    document.queues.filter(({ id }) => id !== queue.id),
    overflow?.to,
    t('configuration.nameless'),
  )
  const way = overflowWays.find((one) => overflow?.[one] === true)
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
        value={way === undefined ? (overflow?.to ?? '') : ofWay + way}
        error={faults.of(`${at}.to`)}
        data={[
          { value: '', label: t('configuration.overflow.stay') },
          ...overflowWays.map((one) => ({ value: ofWay + one, label: t(`configuration.overflow.${one}`) })),
          ...others,
        ]}
        onChange={(event) => {
          const { value } = event.currentTarget
          if (value === '') return change(withoutOverflow)
          const { to: _to, voicemail: _voicemail, callback: _callback, ...bounds } = overflow ?? first
          const chosen = overflowWays.find((one) => ofWay + one === value)
          return set(chosen === undefined ? { ...bounds, to: value } : { ...bounds, [chosen]: true })
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
