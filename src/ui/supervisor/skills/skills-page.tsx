import { Button, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSearch } from 'wouter/use-browser-location'
import { skillWarnings } from '../../../core/configuration/skills.ts'
import type { SkillMatrix } from '../../../http/skills/wire.ts'
import { skillReasonMax } from '../../../http/skills/wire.ts'
import { Notice } from '../../shared/components/notice.tsx'
import { unavailable } from '../../shared/components/unavailable.ts'
import { WhyNot } from '../../shared/components/why-not.tsx'
import { folded } from '../../shared/folded.ts'
import { Problem } from '../../shared/server/api.ts'
import { problemText } from '../../shared/server/problem-text.ts'
import { useKept } from '../../shared/unsaved/use-kept.ts'
import { useTitle } from '../../shared/use-title.ts'
import {
  acceptSkillDraft,
  asked,
  changedCells,
  levelIn,
  levelsIn,
  rebased,
  withLevel,
  type SkillDraft,
} from './draft.ts'
import type { Place } from './grid-keys.ts'
import { NewSkill } from './new-skill.tsx'
import { SkillGrid } from './skill-grid.tsx'
import { SkillSide } from './skill-side.tsx'
import { SkillWarningList } from './skill-warnings.tsx'
import { skillsQuery, useSetSkills } from './use-skills.ts'
import headed from '../../shared/components/headed-page.module.css'
import styles from './skills.module.css'

const unchanged: SkillDraft = {}

/** Which agent has which skill, and at what level. */
export function SkillsPage() {
  const { t } = useTranslation()
  const { data, error, refetch } = useQuery(skillsQuery)
  useTitle(`${t('skills.title')} · ${t('common.product')}`)
  if (data === undefined)
    return error === null ? null : <Notice text={problemText(error, t)} again={() => void refetch()} />
  return <Matrix matrix={data} />
}

function Matrix({ matrix }: { readonly matrix: SkillMatrix }) {
  const { t } = useTranslation()
  const { set, refetch } = useSetSkills()
  const opened = new URLSearchParams(useSearch()).get('agent')
  const [place, goTo] = useState<Place>({
    row: Math.max(
      0,
      matrix.agents.findIndex(({ id }) => id === opened),
    ),
    column: 0,
  })
  const [filter, setFilter] = useState('')
  const [added, setAdded] = useState<readonly string[]>([])
  const [reason, setReason] = useState('')
  const [told, setTold] = useState('')
  const form = useKept<SkillDraft>({
    name: 'skills',
    basis: '',
    initial: unchanged,
    accept: acceptSkillDraft,
    where: 'tab',
  })
  const draft = form.value
  const changes = changedCells(draft)
  const drafted = Object.values(draft).flatMap(({ levels }) => Object.keys(levels))
  const skills = [...new Set([...matrix.skills, ...drafted, ...added])]
  const agents = matrix.agents.filter(({ name }) => folded(name).includes(folded(filter)))
  const row = Math.min(place.row, agents.length - 1)
  const [agent, skill] = [agents[row], skills[place.column]]
  const warnings = skillWarnings(
    matrix.queues,
    matrix.agents.map((one) => ({ levels: levelsIn(draft, one) })),
  )

  const change = (next: SkillDraft): void => {
    setTold('')
    if (save.isError) save.reset()
    form.change(next)
  }
  const save = useMutation({
    mutationFn: set,
    onSuccess: (_, { agents: saved }) => {
      form.sent()
      setReason('')
      setTold(t('skills.saved', { count: saved.length }))
    },
    onError: async (refused) => {
      // Somebody was faster, or an account was closed: the next try is a change of what is shown then.
      if (refused instanceof Problem && (refused.status === 409 || refused.status === 404))
        await refetch().then(
          ({ agents: newest }) => form.change(rebased(draft, newest)),
          () => undefined,
        )
    },
  })
  const lacks = changes === 0 ? t('skills.noChange') : reason.trim() === '' ? t('skills.noReason') : null
  return (
    <div className={headed.page}>
      <div className={headed.head}>
        <h1 id="skills">{t('skills.title')}</h1>
        <output className={styles['told']} data-changes={changes}>
          {changes > 0 ? t('skills.changes', { count: changes }) : told}
        </output>
        <form
          className={styles['save']}
          onSubmit={(event) => {
            event.preventDefault()
            if (!save.isPending && lacks === null)
              save.mutate({ agents: asked(draft), reason: reason.trim() })
          }}
        >
          <TextInput
            aria-label={t('skills.reason')}
            placeholder={t('skills.reasonHint')}
            value={reason}
            maxLength={skillReasonMax}
            autoComplete="off"
            onChange={(event) => setReason(event.currentTarget.value)}
            data-field="reason"
          />
          <WhyNot reason={lacks}>
            <Button
              type="submit"
              {...unavailable(lacks !== null || save.isPending)}
              data-action="save-skills"
            >
              {t('skills.save')}
            </Button>
          </WhyNot>
          {form.hasKept && (
            <Button variant="default" onClick={form.discard} data-action="discard">
              {t('skills.discard')}
            </Button>
          )}
          {!form.hasKept && form.bringBack !== null && told === '' && (
            <Button variant="default" onClick={form.bringBack} data-action="bring-back">
              {t('common.unsaved.bringBack')}
            </Button>
          )}
        </form>
      </div>
      <p className={styles['problem']} role="alert">
        {save.error === null ? '' : problemText(save.error, t)}
      </p>
      <div className={styles['halves']}>
        <div className={styles['list']}>
          <SkillWarningList warnings={warnings} queues={matrix.queues} />
          <div className={styles['tools']}>
            <TextInput
              aria-label={t('skills.filter')}
              placeholder={t('skills.filter')}
              value={filter}
              onChange={(event) => setFilter(event.currentTarget.value)}
              data-field="filter"
            />
            <NewSkill
              known={skills}
              add={(name) => {
                setAdded([...added, name])
                goTo({ row, column: skills.length })
              }}
            />
          </div>
          <p className={styles['quiet']} id="skill-keys">
            {t('skills.keys')}
          </p>
          {agents.length === 0 ? (
            <p className={styles['quiet']}>{t('skills.nobody')}</p>
          ) : (
            <SkillGrid
              agents={agents}
              skills={skills}
              queues={matrix.queues}
              draft={draft}
              place={{ ...place, row }}
              goTo={goTo}
              set={(one, of, level) => change(withLevel(draft, one, of, level))}
            />
          )}
        </div>
        {agent !== undefined && skill !== undefined && (
          <SkillSide
            agent={agent}
            skill={skill}
            level={levelIn(draft, agent, skill)}
            set={(level) => change(withLevel(draft, agent, skill, level))}
          />
        )}
      </div>
    </div>
  )
}
