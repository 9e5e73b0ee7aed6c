import { NativeSelect, NumberInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { noticeWays, type RequestDetail } from '../../../http/requests/wire.ts'
import { DateField } from '../../shared/components/date-field.tsx'
import { useNow } from '../../shared/time/now.ts'
import { today } from '../../shared/time/time.ts'
import { writtenDay } from '../../shared/time/typed-day.ts'
import { dayProblem, type Extension } from './extension.ts'

interface ExtensionFieldsProps {
  readonly request: Pick<RequestDetail, 'legalEndOn' | 'registeredOn'>
  readonly value: Extension
  readonly change: (part: Partial<Extension>) => void
}

/** By how many days, and how and when the petitioner was told: before the first term ends (OG 27/2002 art. 9). */
export function ExtensionFields({ request, value, change }: ExtensionFieldsProps) {
  const { t } = useTranslation()
  const day = today(useNow())
  const { legalEndOn } = request
  const problem = dayProblem(value, request, day)
  return (
    <>
      <NumberInput
        label={t('requests.page.days')}
        value={value.days}
        min={1}
        max={30}
        onChange={(days) => change({ days: Number(days) })}
        data-days
      />
      <NativeSelect
        label={t('requests.page.toldBy')}
        value={value.by}
        onChange={(event) =>
          change({ by: noticeWays.find((one) => one === event.currentTarget.value) ?? '' })
        }
        data={[
          { value: '', label: t('requests.page.chooseWay') },
          ...noticeWays.map((one) => ({ value: one, label: t(`requests.page.ways.${one}`) })),
        ]}
        required
        data-told-by
      />
      <DateField
        label={t('requests.page.toldOn')}
        value={value.on}
        change={(on) => change({ on })}
        required
        min={request.registeredOn}
        max={legalEndOn < day ? legalEndOn : day}
        error={problem === null ? null : t(`requests.page.${problem}`, { day: writtenDay(legalEndOn) })}
        hint={t('requests.page.toldUntil', { day: writtenDay(legalEndOn) })}
        mark="told"
      />
    </>
  )
}
