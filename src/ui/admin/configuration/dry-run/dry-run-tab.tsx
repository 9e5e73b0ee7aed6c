import { Checkbox, NativeSelect, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { faultsOf } from '../../../../core/configuration/check.ts'
import type { Configuration } from '../../../../core/configuration/schema.ts'
import type { ConfigurationInForce } from '../../../../http/configuration/wire.ts'
import { DateField } from '../../../shared/components/date-field.tsx'
import { Notice } from '../../../shared/components/notice.tsx'
import { problemText } from '../../../shared/server/problem-text.ts'
import { hourAndMinute, today } from '../../../shared/time/time.ts'
import { writtenDay } from '../../../shared/time/typed-day.ts'
import { timeIn } from '../../../shared/time/typed-time.ts'
import { boundOf } from '../outbound/outbound-words.ts'
import { keysTyped, orderOf, type TypedOrder } from './order.ts'
import { Story } from './story.tsx'
import { TriedVersionChoice, type TriedVersion } from './tried-version.tsx'
import { useDryRun } from './use-dry-run.ts'
import styles from '../configuration.module.css'

interface DryRunTabProps {
  readonly draft: Configuration
  readonly inForce: ConfigurationInForce
  /** Whether the draft differs from the version in force. */
  readonly isChanged: boolean
}

/** A caller's way, as the line would lead them. */
export function DryRunTab({ draft, inForce, isChanged }: DryRunTabProps) {
  const { t } = useTranslation()
  const [tried, setTried] = useState<TriedVersion>('draft')
  const isDraft = isChanged && tried === 'draft'
  const document = isDraft ? draft : inForce.document
  const [typed, setTyped] = useState<TypedOrder>(() => startAt(Date.now()))
  const number = document.numbers.some((one) => one.number === typed.number)
    ? typed.number
    : (document.numbers[0]?.number ?? '')
  const isFaulty = isDraft && faultsOf(draft, boundOf(inForce.serverOutbound)).length > 0
  const order = number === '' || isFaulty ? null : orderOf({ ...typed, number })
  const { data, error, refetch } = useDryRun(order, isDraft ? draft : null)
  const change = (part: Partial<TypedOrder>): void => setTyped({ ...typed, ...part })
  return (
    <div className={styles['halves']}>
      <div className={styles['list']} aria-live="polite" data-story={order === null ? 'none' : 'told'}>
        <p className={styles['lead']}>{t('configuration.try.lead')}</p>
        {isFaulty ? (
          <p className={styles['problem']}>{t('configuration.try.faulty')}</p>
        ) : error !== null && order !== null ? (
          <Notice text={problemText(error, t)} again={() => void refetch()} />
        ) : (
          order !== null &&
          data !== undefined && <Story steps={data.steps} document={document} order={order} />
        )}
      </div>
      <aside className={styles['one']} aria-label={t('configuration.try.order')}>
        <div className={styles['form']}>
          <h2>{t('configuration.try.order')}</h2>
          {isChanged && <TriedVersionChoice value={tried} change={setTried} />}
          <NativeSelect
            label={t('configuration.try.number')}
            value={number}
            data={document.numbers.map((one) => ({
              value: one.number,
              label: one.name === '' ? one.number : `${one.number} · ${one.name}`,
            }))}
            onChange={(event) => change({ number: event.currentTarget.value })}
            data-field="number"
          />
          <div className={styles['pair']}>
            <DateField
              label={t('configuration.fields.date')}
              value={typed.day}
              width={150}
              mark="try"
              change={(day) => change({ day })}
            />
            <TextInput
              label={t('configuration.try.time')}
              value={typed.time}
              placeholder="00:00"
              maxLength={5}
              w={90}
              inputMode="numeric"
              autoComplete="off"
              onChange={(event) => change({ time: event.currentTarget.value })}
              onBlur={() => change({ time: timeIn(typed.time) })}
              data-field="time"
            />
          </div>
          <TextInput
            label={t('configuration.try.keys')}
            description={t('configuration.try.keysHint')}
            value={typed.keys}
            maxLength={40}
            autoComplete="off"
            onChange={(event) => change({ keys: keysTyped(event.currentTarget.value) })}
            data-field="keys"
          />
          <Checkbox
            label={t('configuration.try.blocked')}
            checked={typed.isBlocked}
            onChange={(event) => change({ isBlocked: event.currentTarget.checked })}
            data-field="blocked"
          />
        </div>
      </aside>
    </div>
  )
}

const startAt = (now: number): TypedOrder => ({
  number: '',
  day: writtenDay(today(now)),
  time: hourAndMinute(now, 'ro'),
  keys: '',
  isBlocked: false,
})
