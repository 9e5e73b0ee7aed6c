import { useRef, type KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { SkilledAgent, SkillMatrix } from '../../../http/skills/wire.ts'
import { isLate, levelIn, savedLevel, type SkillDraft } from './draft.ts'
import { levelKey, moved, type Place } from './grid-keys.ts'
import styles from './skills.module.css'

interface SkillGridProps {
  readonly agents: readonly SkilledAgent[]
  readonly skills: readonly string[]
  readonly queues: SkillMatrix['queues']
  readonly draft: SkillDraft
  readonly place: Place
  readonly goTo: (place: Place) => void
  readonly set: (agent: SkilledAgent, skill: string, level: number) => void
}

/** Agents down, skills across; one cell at a time can be reached with the Tab key, the arrows lead to the others. */
export function SkillGrid({ agents, skills, queues, draft, place, goTo, set }: SkillGridProps) {
  const { t } = useTranslation()
  const table = useRef<HTMLTableElement>(null)
  function press(event: KeyboardEvent): void {
    if (event.ctrlKey || event.altKey || event.metaKey) return
    const level = levelKey(event.key)
    const [agent, skill] = [agents[place.row], skills[place.column]]
    const next = moved(event.key, place, { rows: agents.length, columns: skills.length })
    if (level !== null && agent !== undefined && skill !== undefined) set(agent, skill, level)
    else if (next !== null) {
      goTo(next)
      table.current?.querySelector<HTMLElement>(`[data-cell="${next.row} ${next.column}"]`)?.focus()
    } else return
    event.preventDefault()
  }
  return (
    <table ref={table} className={styles['grid']} aria-labelledby="skills" aria-describedby="skill-keys">
      <thead>
        <tr>
          <th scope="col">{t('skills.agent')}</th>
          {skills.map((skill) => (
            <th key={skill} scope="col" data-skill={skill}>
              {skill}
              <span>
                {queues
                  .filter((queue) => queue.skill === skill)
                  .map(({ name, levelMin }) => t('skills.queueFrom', { name, level: levelMin }))
                  .join(', ') || t('skills.noQueue')}
              </span>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {agents.map((agent, row) => (
          <tr key={agent.id} data-skills-of={agent.name} data-chosen={row === place.row}>
            <th scope="row">
              {agent.name}
              {isLate(draft, agent) && <span className={styles['late']}>{t('skills.changedMeanwhile')}</span>}
            </th>
            {skills.map((skill, column) => {
              const level = levelIn(draft, agent, skill)
              const saved = savedLevel(agent, skill)
              const shown = level === 0 ? '–' : String(level)
              const was = level === saved ? '' : t('skills.was', { level: saved === 0 ? '–' : String(saved) })
              const isHere = row === place.row && column === place.column
              return (
                <td key={skill}>
                  <button
                    type="button"
                    tabIndex={isHere ? 0 : -1}
                    data-cell={`${row} ${column}`}
                    data-level={level}
                    data-changed={level !== saved || undefined}
                    aria-label={`${agent.name}, ${skill}: ${shown} ${was}`}
                    aria-pressed={isHere}
                    onClick={() => goTo({ row, column })}
                    onFocus={() => goTo({ row, column })}
                    onKeyDown={press}
                  >
                    {shown}
                    {was !== '' && <span>{was}</span>}
                  </button>
                </td>
              )
            })}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
