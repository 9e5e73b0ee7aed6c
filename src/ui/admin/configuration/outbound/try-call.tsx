import { SegmentedControl, TextInput } from '@mantine/core'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { faultsOf } from '../../../../core/configuration/check.ts'
import { callOutCallers } from '../../../../core/configuration/outbound-dry-run.ts'
import type { Configuration, OutboundSetting } from '../../../../core/configuration/schema.ts'
import type { OutboundDryRunRequest } from '../../../../http/configuration/wire.ts'
import { Notice } from '../../../shared/components/notice.tsx'
import { problemText } from '../../../shared/server/problem-text.ts'
import { TriedVersionChoice, type TriedVersion } from '../dry-run/tried-version.tsx'
import { useOutboundDryRun } from '../dry-run/use-dry-run.ts'
import { boundOf } from './outbound-words.ts'
import { verdictWords } from './verdict-words.ts'
import configurationStyles from '../configuration.module.css'
import styles from './outbound.module.css'

interface TryCallProps {
  readonly document: Configuration
  readonly server: OutboundSetting
  /** Whether the document differs from the version in force. */
  readonly isChanged: boolean
}

const ways = ['typed', 'returning'] as const

/** Whether a number may be called, judged as an agent's own call is; none is made. */
export function TryCall({ document, server, isChanged }: TryCallProps) {
  const { t } = useTranslation()
  const title = useId()
  const [typed, setTyped] = useState('')
  const [by, setBy] = useState<OutboundDryRunRequest['by']>('agent')
  const [tried, setTried] = useState<TriedVersion>('draft')
  const isDraft = isChanged && tried === 'draft'
  const [way, setWay] = useState<(typeof ways)[number]>('typed')
  const number = typed.trim()
  const isFaulty = isDraft && faultsOf(document, boundOf(server)).length > 0
  const order = number === '' || isFaulty ? null : { number, by, isReturning: way === 'returning' }
  const { data, error, refetch } = useOutboundDryRun(order, isDraft ? document : null)
  const { says, more } = data === undefined ? { says: '', more: [] } : verdictWords(data, by, t)
  return (
    <aside className={configurationStyles['one']} aria-labelledby={title}>
      <div className={configurationStyles['form']}>
        <h2 id={title}>{t('outboundRules.try.title')}</h2>
        {isChanged && <TriedVersionChoice value={tried} change={setTried} />}
        <TextInput
          label={t('outboundRules.try.number')}
          description={t('outboundRules.try.hint')}
          value={typed}
          maxLength={40}
          inputMode="tel"
          autoComplete="off"
          onChange={(event) => setTyped(event.currentTarget.value)}
          data-field="tried"
        />
        <SegmentedControl
          transitionDuration={0}
          value={by}
          onChange={(value) => setBy(value === 'supervisor' ? value : 'agent')}
          data={callOutCallers.map((value) => ({ value, label: t(`outboundRules.try.by.${value}`) }))}
          aria-label={t('outboundRules.try.who')}
          data-field="by"
        />
        <SegmentedControl
          transitionDuration={0}
          value={way}
          onChange={(value) => setWay(value === 'returning' ? value : 'typed')}
          data={ways.map((value) => ({ value, label: t(`outboundRules.try.way.${value}`) }))}
          aria-label={t('outboundRules.try.how')}
          data-field="way"
        />
        <div className={styles['verdict']} aria-live="polite" data-verdict={data?.verdict ?? 'none'}>
          {isFaulty && number !== '' ? (
            <p className={configurationStyles['problem']}>{t('configuration.try.faulty')}</p>
          ) : error !== null && order !== null ? (
            <Notice text={problemText(error, t)} again={() => void refetch()} />
          ) : (
            data !== undefined && (
              <>
                <p className={styles['says']}>{says}</p>
                {more.map((line) => (
                  <p key={line}>{line}</p>
                ))}
              </>
            )
          )}
        </div>
      </div>
    </aside>
  )
}
