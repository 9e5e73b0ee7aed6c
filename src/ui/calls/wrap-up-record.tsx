import { Button } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isComplete, type WrapUpVersion } from '../../http/calls/wire.ts'
import { shortDateTime } from '../shared/time/time.ts'
import { useMe } from '../shared/server/me.ts'
import { CorrectWrapUp } from './correct-wrap-up.tsx'
import type { Detail } from './use-calls.ts'
import { partsOf, type Part } from './wrap-up-parts.ts'
import { WrapUpSummary } from './wrap-up-summary.tsx'
import styles from './correct-wrap-up.module.css'

/** Each agent's wrap-up form with its earlier versions; the reader's own can be completed and corrected. */
export function WrapUpRecord({ call }: { readonly call: Detail }) {
  const parts = partsOf(call)
  if (parts.length === 0) return <OnePart call={call} part={null} />
  return (
    <>
      {parts.map((part) => (
        <div key={part.agent.id} className={styles['part']} data-part={part.agent.id}>
          <OnePart
            call={call}
            part={part}
            counts={parts.length > 1 && part.counts}
            named={parts.length > 1}
          />
        </div>
      ))}
    </>
  )
}

interface OnePartProps {
  readonly call: Detail
  /** Null: nobody has talked with the caller. */
  readonly part: Part | null
  readonly counts?: boolean
  readonly named?: boolean
}

function OnePart({ call, part, counts = false, named = false }: OnePartProps) {
  const { t } = useTranslation()
  const me = useMe()
  const [isOpen, setOpen] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const wasOpen = useRef(false)
  useEffect(() => {
    if (wasOpen.current && !isOpen) button.current?.focus()
    wasOpen.current = isOpen
  }, [isOpen])
  const { form = null, earlier = [] } = part ?? {}
  const isOwn = part?.agent.id === me.id
  const heading = named && <h3 className={styles['name']}>{part?.agent.name}</h3>
  if (isOpen)
    return (
      <>
        {heading}
        <CorrectWrapUp call={call} close={() => setOpen(false)} />
      </>
    )
  return (
    <>
      {heading}
      <WrapUpSummary wrapUp={form} />
      {form !== null && <Author version={form} counts={counts} named={named} />}
      {isOwn && call.correctableUntil !== null && (
        <Button
          ref={button}
          variant="default"
          size="compact-sm"
          mt={6}
          onClick={() => setOpen(true)}
          data-action="correct"
        >
          {t(isComplete(form) ? 'calls.correction.correct' : 'calls.correction.complete')}
        </Button>
      )}
      {earlier.length > 0 && (
        <details className={styles['earlier']} data-earlier>
          <summary>{t('calls.correction.earlier', { count: earlier.length })}</summary>
          <ol>
            {earlier.map((version) => (
              <li key={version.at}>
                <WrapUpSummary wrapUp={version} />
                <Author version={version} named={named} />
              </li>
            ))}
          </ol>
        </details>
      )}
    </>
  )
}

interface AuthorProps {
  readonly version: WrapUpVersion
  /** Whether it is the form that counts for a call of several agents. */
  readonly counts?: boolean
  /** Whether the agent's name stands above it. */
  readonly named: boolean
}

function Author({ version: { agent, at, later }, counts = false, named }: AuthorProps) {
  const { t, i18n } = useTranslation()
  return (
    <span className={styles['who']}>
      {!named && `${agent}, `}
      <time dateTime={at}>{shortDateTime(at, i18n.language)}</time>
      {later && ` · ${t('calls.correction.afterwards')}`}
      {counts && ` · ${t('calls.page.counts')}`}
    </span>
  )
}
