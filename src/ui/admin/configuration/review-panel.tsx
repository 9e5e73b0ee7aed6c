import { Button, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { ConfigurationFault } from '../../../core/configuration/check.ts'
import type { Configuration } from '../../../core/configuration/schema.ts'
import { removedQueues } from '../../../core/configuration/removed-queues.ts'
import { configurationWarnings } from '../../../core/configuration/skills.ts'
import type {
  ConfigurationInForce,
  ConfigurationVersion,
  NewConfigurationVersion,
} from '../../../http/configuration/wire.ts'
import { unavailable } from '../../shared/components/unavailable.ts'
import { WhyNot } from '../../shared/components/why-not.tsx'
import { api } from '../../shared/server/api.ts'
import { problemText } from '../../shared/server/problem-text.ts'
import { useFocus } from '../../shared/use-focus.ts'
import { SkillWarningList } from '../../supervisor/skills/skill-warnings.tsx'
import { skillsQuery } from '../../supervisor/skills/use-skills.ts'
import { ChangeList } from './change-list.tsx'
import type { ChangeWords } from './change-words.ts'
import { faultWords } from './faults.ts'
import { inForceQuery } from './use-configuration.ts'
import { MenusNeverHeard } from './reading/menus-never-heard.tsx'
import { NeverOpen } from './reading/never-open.tsx'
import { WaitingInRemoved } from './reading/waiting-in-removed.tsx'
import styles from './configuration.module.css'

interface ReviewPanelProps {
  readonly document: Configuration
  readonly basedOn: ConfigurationInForce
  /** Changes of a version that was published since the draft was begun; null: there is none. */
  readonly theirs: readonly ChangeWords[] | null
  readonly changes: readonly ChangeWords[]
  readonly faults: readonly ConfigurationFault[]
  readonly goTo: (at: string) => void
  readonly back: () => void
  readonly done: (version: number) => void
}

/** Differences and faults before the publication, which asks for a reason. */
export function ReviewPanel(props: ReviewPanelProps) {
  const { t } = useTranslation()
  const { document, basedOn, theirs, changes, faults, goTo, back, done } = props
  const queries = useQueryClient()
  const title = useFocus<HTMLHeadingElement>()
  const { data: skills } = useQuery(skillsQuery)
  const [reason, setReason] = useState('')
  const [isAsked, setAsked] = useState(false)
  const publish = useMutation({
    mutationFn: (body: NewConfigurationVersion) =>
      api<ConfigurationVersion>('POST', '/configuration/versions', body),
    onSuccess: ({ id, publishedAt, by }, body) => {
      queries.setQueryData(inForceQuery.queryKey, (before) =>
        before === undefined ? before : { ...before, ...body, id, publishedAt, by },
      )
      void queries.invalidateQueries({ queryKey: ['configuration'] })
      done(id)
    },
    // The bar then says who published, and offers what to do. Without an answer the version may be published all the same.
    onError: () => void queries.invalidateQueries({ queryKey: inForceQuery.queryKey }),
  })

  function submit(event: FormEvent): void {
    event.preventDefault()
    if (impossible !== null) return
    setAsked(true)
    if (publish.isPending || reason.trim() === '') return
    publish.mutate({ document, basedOn: basedOn.id, reason: reason.trim() })
  }
  const impossible =
    faults.length > 0
      ? t('configuration.review.mendFirst')
      : theirs !== null
        ? t('configuration.review.lateFirst')
        : changes.length === 0
          ? t('configuration.draft.unchanged')
          : null
  return (
    <section className={styles['review']} aria-labelledby="review">
      <h2 id="review" tabIndex={-1} ref={title}>
        {t('configuration.review.title')}
      </h2>
      {faults.length > 0 && (
        <div className={styles['faults']} role="alert">
          <p>{t('configuration.review.faults', { count: faults.length })}</p>
          <ul>
            {faults.map((fault) => {
              const { at, code } = fault
              const { item, sentence } = faultWords(fault, document, t)
              return (
                <li key={`${at} ${code}`}>
                  <button type="button" onClick={() => goTo(at)} data-fault={at}>
                    {item}
                  </button>
                  {`: ${sentence}`}
                </li>
              )
            })}
          </ul>
        </div>
      )}
      {theirs !== null && (
        <>
          <h3>{t('configuration.review.theirs', { by: basedOn.by ?? t('configuration.commandLine') })}</h3>
          <ChangeList changes={theirs} of="theirs" />
          <h3>{t('configuration.review.yours')}</h3>
        </>
      )}
      <ChangeList changes={changes} of="own" />
      <WaitingInRemoved removed={faults.length > 0 ? [] : removedQueues(basedOn.document, document)} />
      <NeverOpen document={document} isFaulty={faults.length > 0} />
      <MenusNeverHeard document={document} answer={basedOn.serverAnswer} />
      <SkillWarningList
        warnings={skills === undefined ? [] : configurationWarnings(document.queues, skills.agents)}
        queues={document.queues}
      />
      <form className={styles['publish']} onSubmit={submit}>
        <TextInput
          label={t('configuration.review.reason')}
          description={t('configuration.review.reasonHint')}
          value={reason}
          maxLength={200}
          autoComplete="off"
          withAsterisk
          error={isAsked && reason.trim() === '' ? t('configuration.review.noReason') : null}
          onChange={(event) => setReason(event.currentTarget.value)}
          data-field="reason"
        />
        <p className={styles['problem']} role="alert">
          {publish.isError && publish.variables.basedOn === basedOn.id ? problemText(publish.error, t) : ''}
        </p>
        <div className={styles['actions']}>
          <WhyNot reason={impossible}>
            <Button
              type="submit"
              {...unavailable(impossible !== null || publish.isPending)}
              data-action="publish"
            >
              {t('configuration.review.publish')}
            </Button>
          </WhyNot>
          <Button variant="default" onClick={back} data-action="back">
            {t('configuration.review.back')}
          </Button>
        </div>
      </form>
    </section>
  )
}
