import { Button } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isComplete, type WrapUpVersion } from '../../http/calls/wire.ts'
import { shortDateTime } from '../shared/time/time.ts'
import { CorrectWrapUp } from './correct-wrap-up.tsx'
import type { Detail } from './use-calls.ts'
import { WrapUpSummary } from './wrap-up-summary.tsx'
import styles from './correct-wrap-up.module.css'

/** The wrap-up form that counts, the earlier ones, and for the call's agent the form that completes or corrects it. */
export function WrapUpRecord({ call }: { readonly call: Detail }) {
  const { t } = useTranslation()
  const [isOpen, setOpen] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const wasOpen = useRef(false)
  useEffect(() => {
    if (wasOpen.current && !isOpen) button.current?.focus()
    wasOpen.current = isOpen
  }, [isOpen])
  const { wrapUp, earlierWrapUps: earlier } = call
  if (isOpen) return <CorrectWrapUp call={call} close={() => setOpen(false)} />
  return (
    <>
      <WrapUpSummary wrapUp={wrapUp} />
      {wrapUp !== null && <Author version={wrapUp} />}
      {call.correctableUntil !== null && (
        <Button
          ref={button}
          variant="default"
          size="compact-sm"
          mt={6}
          onClick={() => setOpen(true)}
          data-action="correct"
        >
          {t(isComplete(wrapUp) ? 'calls.correction.correct' : 'calls.correction.complete')}
        </Button>
      )}
      {earlier.length > 0 && (
        <details className={styles['earlier']} data-earlier>
          <summary>{t('calls.correction.earlier', { count: earlier.length })}</summary>
          <ol>
            {earlier.map((version) => (
              <li key={version.at}>
                <WrapUpSummary wrapUp={version} />
                <Author version={version} />
              </li>
            ))}
          </ol>
        </details>
      )}
    </>
  )
}

function Author({ version: { agent, at, later } }: { readonly version: WrapUpVersion }) {
  const { t, i18n } = useTranslation()
  return (
    <span className={styles['who']}>
      {agent}, <time dateTime={at}>{shortDateTime(at, i18n.language)}</time>
      {later && ` · ${t('calls.correction.afterwards')}`}
    </span>
  )
}
