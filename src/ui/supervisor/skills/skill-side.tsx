import { SegmentedControl } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { SkilledAgent, SkillVersion } from '../../../http/skills/wire.ts'
import { BusyButton } from '../../shared/components/busy-button.tsx'
import { problemText } from '../../shared/server/problem-text.ts'
import { shortDateTime } from '../../shared/time/time.ts'
import { useSkillVersions } from './use-skills.ts'
import styles from './skills.module.css'

interface SkillSideProps {
  readonly agent: SkilledAgent
  readonly skill: string
  readonly level: number
  readonly set: (level: number) => void
}

const levels = ['0', '1', '2', '3', '4', '5']

/** The chosen cell, for the mouse, and what has been set for its agent so far. */
export function SkillSide({ agent, skill, level, set }: SkillSideProps) {
  const { t } = useTranslation()
  return (
    <aside className={styles['side']} aria-labelledby="chosen-agent">
      <h2 id="chosen-agent">{agent.name}</h2>
      <p className={styles['quiet']} id="chosen-skill">
        {t('skills.levelOf', { skill })}
      </p>
      <SegmentedControl
        fullWidth
        transitionDuration={0}
        aria-labelledby="chosen-agent chosen-skill"
        value={String(level)}
        onChange={(value) => set(Number(value))}
        data={levels.map((value) => ({ value, label: value === '0' ? t('skills.none') : value }))}
        data-field="level"
      />
      <h3>{t('skills.history')}</h3>
      <History agent={agent.id} key={agent.id} />
    </aside>
  )
}

function History({ agent }: { readonly agent: string }) {
  const { t, i18n } = useTranslation()
  const { data, error, hasNextPage, isFetching, fetchNextPage } = useSkillVersions(agent)
  if (data === undefined)
    return <p className={styles['quiet']}>{error === null ? '' : problemText(error, t)}</p>
  const items = data.pages.flatMap((page) => page.items)
  if (items.length === 0) return <p className={styles['quiet']}>{t('skills.noHistory')}</p>
  return (
    <>
      <ol className={styles['history']}>
        {items.map((version) => (
          <li key={version.id} data-version={version.id}>
            <strong>{changesOf(version, t('skills.none'))}</strong>
            {version.reason !== '' && <span>{version.reason}</span>}
            <span>
              {shortDateTime(version.at, i18n.language)} · {version.by ?? t('skills.commandLine')}
            </span>
          </li>
        ))}
      </ol>
      {hasNextPage && (
        <BusyButton
          variant="default"
          size="compact-sm"
          loading={isFetching}
          onClick={() => void fetchNextPage()}
        >
          {t('skills.more')}
        </BusyButton>
      )}
    </>
  )
}

/** `taxe 1 → 3, engleza – → 2` */
function changesOf({ before, after }: SkillVersion, none: string): string {
  const written = (level: number | undefined): string => (level === undefined ? none : String(level))
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((skill) => before[skill] !== after[skill])
    .map((skill) => `${skill} ${written(before[skill])} → ${written(after[skill])}`)
    .join(', ')
}
