import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { SkillWarning } from '../../../core/configuration/skills.ts'
import styles from './skills.module.css'

interface SkillWarningListProps {
  readonly warnings: readonly SkillWarning[]
  readonly queues: readonly { readonly id: string; readonly name: string }[]
}

/** Queues that nobody serves, skills that no queue asks for, and of a configuration queues that do not age beside others. */
export function SkillWarningList({ warnings, queues }: SkillWarningListProps) {
  const { t } = useTranslation()
  if (warnings.length === 0) return null
  return (
    <ul className={styles['warnings']} data-warnings={warnings.length}>
      {warnings.map((warning) => (
        <li key={`${warning.code} ${warning.code === 'skill without queue' ? warning.skill : warning.queue}`}>
          {warningText(warning, queues, t)}
        </li>
      ))}
    </ul>
  )
}

function warningText(warning: SkillWarning, queues: SkillWarningListProps['queues'], t: TFunction): string {
  const nameOf = (queue: string): string => queues.find(({ id }) => id === queue)?.name ?? queue
  const { code, skill } = warning
  switch (code) {
    case 'queue without agents':
      return t(`skills.warning.${code}`, { queue: nameOf(warning.queue), skill, level: warning.levelMin })
    case 'skill without queue':
      return t(`skills.warning.${code}`, { skill, count: warning.agents })
    case 'queue without ageing':
      return t(`skills.warning.${code}`, {
        queue: nameOf(warning.queue),
        others: warning.beside.map(nameOf).join(', '),
      })
  }
}
