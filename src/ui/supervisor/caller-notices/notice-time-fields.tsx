import { Checkbox, NativeSelect } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { callerNoticeDaysMax } from '../../../core/announcements/caller-notice.ts'
import { daysLater } from '../../../core/local-time.ts'
import { DateField } from '../../shared/components/date-field.tsx'
import { TimeField } from '../../shared/components/time-field.tsx'
import { useNow } from '../../shared/time/now.ts'
import { saidMoment } from '../../shared/time/said-moment.ts'
import { today } from '../../shared/time/time.ts'
import {
  eveningOf,
  lastingHours,
  nextMorning,
  noticeTimeOf,
  usualHours,
  type TypedMoment,
  type TypedNoticeTime,
} from './notice-time.ts'
import styles from './caller-notices.module.css'

interface NoticeTimeFieldsProps {
  readonly typed: TypedNoticeTime
  readonly change: (typed: TypedNoticeTime) => void
}

/** When a notice begins and ends, and in which hours of the day it is heard. */
export function NoticeTimeFields({ typed, change }: NoticeTimeFieldsProps) {
  const { t, i18n } = useTranslation()
  const now = useNow()
  const { from, until, daily } = typed
  const set = (part: Partial<TypedNoticeTime>): void => change({ ...typed, ...part })
  const lasting = lastingHours.map((value) => {
    const read = noticeTimeOf({ from, until: value, daily: null }, now)
    const words = t(`callerNotices.hours.h${value}`)
    const at = read.ok ? saidMoment(read.time.until, now, t, i18n.language) : null
    return { value, label: at === null ? words : `${words}, ${at}` }
  })
  return (
    <div className={styles['times']}>
      <NativeSelect
        label={t('callerNotices.from')}
        data={[
          { value: 'now', label: t('callerNotices.now') },
          { value: 'at', label: t('callerNotices.at') },
        ]}
        value={from === null ? 'now' : 'at'}
        onChange={(event) => set({ from: event.currentTarget.value === 'now' ? null : nextMorning(now) })}
        w={150}
        data-field="begins"
      />
      {from !== null && (
        <MomentFields
          typed={from}
          change={(moment) => set({ from: moment })}
          labels={{ day: t('callerNotices.fromDay'), time: t('callerNotices.fromTime') }}
          mark="notice-from"
        />
      )}
      <NativeSelect
        label={t('callerNotices.lasts')}
        data={[...lasting, { value: 'at', label: t('callerNotices.at') }]}
        value={typeof until === 'string' ? until : 'at'}
        onChange={(event) =>
          set({
            until: lastingHours.find((one) => one === event.currentTarget.value) ?? eveningOf(typed, now),
          })
        }
        w={typeof until === 'string' ? 250 : 150}
        data-field="ends"
      />
      {typeof until !== 'string' && (
        <MomentFields
          typed={until}
          change={(moment) => set({ until: moment })}
          labels={{ day: t('callerNotices.untilDay'), time: t('callerNotices.untilTime') }}
          mark="notice-until"
        />
      )}
      <div className={styles['daily']}>
        <Checkbox
          label={t('callerNotices.daily')}
          checked={daily !== null}
          onChange={(event) => set({ daily: event.currentTarget.checked ? usualHours : null })}
          data-field="daily"
        />
        {daily !== null && (
          <>
            <TimeField
              label={t('callerNotices.dailyFrom')}
              value={daily.from}
              change={(time) => set({ daily: { ...daily, from: time } })}
              mark="daily-from"
            />
            <span aria-hidden="true">–</span>
            <TimeField
              label={t('callerNotices.dailyTo')}
              value={daily.to}
              change={(time) => set({ daily: { ...daily, to: time } })}
              mark="daily-to"
            />
          </>
        )}
      </div>
    </div>
  )
}

interface MomentFieldsProps {
  readonly typed: TypedMoment
  readonly change: (typed: TypedMoment) => void
  readonly labels: { readonly day: string; readonly time: string }
  readonly mark: string
}

function MomentFields({ typed, change, labels, mark }: MomentFieldsProps) {
  const now = useNow()
  return (
    <>
      <DateField
        label={labels.day}
        value={typed.day}
        change={(day) => change({ ...typed, day })}
        min={today(now)}
        max={daysLater(today(now), 2 * callerNoticeDaysMax)}
        width={140}
        mark={mark}
      />
      <TimeField
        label={labels.time}
        isLabelSeen
        value={typed.time}
        change={(time) => change({ ...typed, time })}
        mark={mark}
      />
    </>
  )
}
