import { Checkbox, Fieldset } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { surveyBounds, type QueueSetting } from '../../../../core/configuration/schema.ts'
import { BoundedNumber } from '../bounded-number.tsx'
import { newSurvey } from '../draft.ts'
import styles from '../configuration.module.css'

interface SurveyFieldsProps {
  readonly queue: QueueSetting
  readonly change: (queue: QueueSetting) => void
}

/** Whether the queue's callers are asked how it was. */
export function SurveyFields({ queue, change }: SurveyFieldsProps) {
  const { t } = useTranslation()
  const { survey, ...withoutSurvey } = queue
  return (
    <Fieldset legend={t('configuration.fields.survey')} className={styles['part'] ?? ''} data-field="survey">
      <p>{t('configuration.hint.survey')}</p>
      <Checkbox
        label={t('configuration.fields.isSurveyed')}
        checked={survey !== undefined}
        onChange={(event) => {
          change(event.currentTarget.checked ? { ...queue, survey: newSurvey } : withoutSurvey)
        }}
        data-field="isSurveyed"
      />
      {survey !== undefined && (
        <BoundedNumber
          field="talkedSeconds"
          label={t('configuration.fields.talkedSeconds')}
          description={t('configuration.hint.talkedSeconds')}
          value={survey.talkedSeconds}
          bounds={surveyBounds.talkedSeconds}
          change={(talkedSeconds) => {
            change({ ...queue, survey: { talkedSeconds } })
          }}
        />
      )}
    </Fieldset>
  )
}
