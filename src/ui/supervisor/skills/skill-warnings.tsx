import { useTranslation } from 'react-i18next'
import type { SkillWarning } from '../../../core/configuration/skills.ts'
import styles from './skills.module.css'

interface SkillWarningListProps {
  readonly warnings: readonly SkillWarning[]
  readonly queues: readonly { readonly id: string; readonly name: string }[]
}

/** Queues that nobody serves, and skills that no queue asks for. */
export function SkillWarningList({ warnings, queues }: SkillWarningListProps) {
  const { t } = useTranslation()
  if (warnings.length === 0) return null
  return (
    <ul className={styles['warnings']} data-warnings={warnings.length}>
      {warnings.map((warning) => (
        <li
          key={`${warning.code} ${warning.code === 'queue without agents' ? warning.queue : warning.skill}`}
        >
          {warning.code === 'queue without agents'
            ? t('skills.warning.queue without agents', {
                queue: queues.find(({ id }) => id === warning.queue)?.name ?? warning.queue,
                skill: warning.skill,
                level: warning.levelMin,
              })
            : t('skills.warning.skill without queue', { skill: warning.skill, count: warning.agents })}
        </li>
      ))}
    </ul>
  )
}
