import { Button, NativeSelect } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import {
  ageingBounds,
  priorityBounds,
  wrapUpBounds,
  type Configuration,
  type QueueSetting,
} from '../../../../core/configuration/schema.ts'
import { AnnouncementFields } from './announcement-fields.tsx'
import { BoundedNumber } from '../bounded-number.tsx'
import { CallbackFields } from './callback-fields.tsx'
import type { Faults } from '../faults.ts'
import { OverflowFields } from './overflow-fields.tsx'
import { SurveyFields } from './survey-fields.tsx'
import { TargetFields } from '../target-fields.tsx'
import { NameFields } from '../name-fields.tsx'
import styles from '../configuration.module.css'

interface QueueFormProps {
  readonly queue: QueueSetting
  readonly document: Configuration
  readonly at: string
  readonly faults: Faults
  /** It has just been added. */
  readonly isNew: boolean
  readonly change: (queue: QueueSetting) => void
  readonly remove: () => void
}

const levels = ['1', '2', '3', '4', '5']

export function QueueForm({ queue, document, at, faults, isNew, change, remove }: QueueFormProps) {
  const { t } = useTranslation()
  const { nameEn = '', ...withoutEnglish } = queue
  const { ageingSeconds, ...withoutAgeing } = queue
  const { wrapUpSeconds, ...withoutWrapUp } = queue
  const skills = [...new Set([...document.queues.map(({ skill }) => skill), queue.id])].filter(
    (one) => one !== '',
  )
  return (
    <div className={styles['form']}>
      <NameFields
        list="queues"
        name={queue.name}
        nameEn={nameEn}
        maxLength={60}
        at={at}
        faults={faults}
        isNew={isNew}
        changeName={(name) => change({ ...queue, name })}
        changeNameEn={(value) => change(value === '' ? withoutEnglish : { ...queue, nameEn: value })}
      />
      <NativeSelect
        label={t('configuration.fields.skill')}
        description={t('configuration.hint.skill')}
        value={queue.skill}
        error={faults.of(`${at}.skill`)}
        data={skills}
        onChange={(event) => change({ ...queue, skill: event.currentTarget.value })}
        data-field="skill"
      />
      <NativeSelect
        label={t('configuration.fields.levelMin')}
        description={t('configuration.hint.levelMin')}
        value={String(queue.levelMin)}
        data={levels}
        onChange={(event) => change({ ...queue, levelMin: Number(event.currentTarget.value) })}
        data-field="levelMin"
      />
      <BoundedNumber
        field="priority"
        label={t('configuration.fields.priority')}
        description={t('configuration.hint.priority')}
        value={queue.priority}
        bounds={priorityBounds}
        change={(priority) => change({ ...queue, priority })}
      />
      <BoundedNumber
        field="ageingSeconds"
        label={t('configuration.fields.ageingSeconds')}
        description={t('configuration.hint.ageingSeconds')}
        value={ageingSeconds}
        bounds={ageingBounds}
        change={(seconds) => change({ ...queue, ageingSeconds: seconds })}
        clear={() => change(withoutAgeing)}
      />
      <BoundedNumber
        field="wrapUpSeconds"
        label={t('configuration.fields.wrapUpSeconds')}
        description={t('configuration.hint.wrapUpSeconds')}
        value={wrapUpSeconds}
        bounds={wrapUpBounds}
        change={(seconds) => change({ ...queue, wrapUpSeconds: seconds })}
        clear={() => change(withoutWrapUp)}
      />
      <AnnouncementFields
        queue={queue}
        document={document}
        at={`${at}.announce`}
        faults={faults}
        change={change}
      />
      <CallbackFields queue={queue} change={change} />
      <OverflowFields
        queue={queue}
        document={document}
        at={`${at}.overflow`}
        faults={faults}
        change={change}
      />
      <SurveyFields queue={queue} change={change} />
      <TargetFields queue={queue} change={change} />
      <Button variant="default" onClick={remove} data-action="remove">
        {t('configuration.remove.queues')}
      </Button>
    </div>
  )
}
