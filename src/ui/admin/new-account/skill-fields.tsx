import { NativeSelect } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { SkillMatrix } from '../../../http/skills/wire.ts'
import { servedBy, withLevel } from './chosen-skills.ts'
import admin from '../admin.module.css'
import styles from './new-account.module.css'

interface SkillFieldsProps {
  readonly matrix: SkillMatrix
  readonly levels: Readonly<Record<string, number>>
  readonly change: (levels: Readonly<Record<string, number>>) => void
}

const choices = [0, 1, 2, 3, 4, 5] as const

/** The level of a new agent in each skill, and the queues that they serve with it. */
export function SkillFields({ matrix, levels, change }: SkillFieldsProps) {
  const { t } = useTranslation()
  const served = servedBy(levels, matrix)
  return (
    <fieldset className={styles['skills']} data-new-skills>
      <legend>{t('admin.accounts.skills')}</legend>
      {matrix.skills.map((skill) => (
        <label key={skill} className={styles['skill']}>
          <span>
            {skill}
            <span className={admin['hint']}>
              {matrix.queues
                .filter((queue) => queue.skill === skill)
                .map(({ name, levelMin }) => t('skills.queueFrom', { name, level: levelMin }))
                .join(', ') || t('skills.noQueue')}
            </span>
          </span>
          <NativeSelect
            value={String(levels[skill] ?? 0)}
            data={choices.map((level) => ({
              value: String(level),
              label: level === 0 ? t('admin.accounts.noLevel') : String(level),
            }))}
            onChange={(event) => change(withLevel(levels, skill, Number(event.currentTarget.value)))}
            data-skill={skill}
          />
        </label>
      ))}
      <output className={admin['hint']} data-serves={served.length}>
        {served.length === 0
          ? t('admin.accounts.servesNone')
          : t('admin.accounts.serves', { queues: served.join(', ') })}
      </output>
    </fieldset>
  )
}
