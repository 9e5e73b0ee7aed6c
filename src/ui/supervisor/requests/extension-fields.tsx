import { NativeSelect, NumberInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { noticeWays, type RequestDetail } from '../../../http/requests/wire.ts'
import { DateField } from '../../shared/components/date-field.tsx'
import { writtenDay } from '../../shared/time/typed-day.ts'
import type { Step, StepField } from './step.ts'

interface ExtensionFieldsProps {
  readonly request: Pick<RequestDetail, 'legalEndOn' | 'countedFrom' | 'extension'>
  readonly today: string
  readonly step: Step
  readonly change: (part: Partial<Step>) => void
  /** The error of a field. */
  readonly problem: (field: StepField) => string | null
}

/** By how many days, and how and when the petitioner was told: before the first term ends (OG 27/2002 art. 9). */
export function ExtensionFields({ request, today, step, change, problem }: ExtensionFieldsProps) {
  const { t } = useTranslation()
  const { legalEndOn, countedFrom, extension } = request
  const { daysMax: count, law } = extension
  return (
    <>
      <NumberInput
        label={t('requests.page.days')}
        description={t('requests.page.daysMax', { count, law })}
        value={step.days ?? ''}
        min={1}
        max={count}
        clampBehavior="none"
        required
        onChange={(days) => change({ days: days === '' ? null : Number(days) })}
        error={problem('days')}
        data-days
      />
      <NativeSelect
        label={t('requests.page.toldBy')}
        value={step.toldBy}
        onChange={(event) =>
          change({ toldBy: noticeWays.find((one) => one === event.currentTarget.value) ?? '' })
        }
        data={[
          { value: '', label: t('requests.page.chooseWay') },
          ...noticeWays.map((one) => ({ value: one, label: t(`requests.page.ways.${one}`) })),
        ]}
        required
        error={problem('toldBy')}
        data-told-by
      />
      <DateField
        label={t('requests.page.toldOn')}
        value={step.toldOn}
        change={(toldOn) => change({ toldOn })}
        required
        withAsterisk
        min={countedFrom}
        max={legalEndOn < today ? legalEndOn : today}
        error={problem('toldOn')}
        hint={t('requests.page.toldUntil', { day: writtenDay(legalEndOn) })}
        mark="told"
      />
    </>
  )
}
