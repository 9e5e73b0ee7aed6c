import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PromptItem } from '../../../http/prompts/wire.ts'
import { Notice } from '../../shared/components/notice.tsx'
import { problemText } from '../../shared/server/problem-text.ts'
import { PromptPanel } from './prompt-panel.tsx'
import { promptsQuery } from './use-prompts.ts'
import { decimal } from './decimal.ts'
import configuration from '../configuration/configuration.module.css'
import admin from '../admin.module.css'
import styles from './prompts.module.css'

/** The fixed prompts of the line, and one of them: its voice, and a new recording. */
export function PromptsTab() {
  const { t } = useTranslation()
  const { data, error, refetch } = useQuery(promptsQuery)
  const [chosen, setChosen] = useState<PromptItem['prompt'] | null>(null)
  const [isRecorded, setRecorded] = useState(false)
  const [held, setHeld] = useState(false)
  if (data === undefined)
    return error === null ? null : <Notice text={problemText(error, t)} again={() => void refetch()} />
  const item = data.items.find(({ prompt }) => prompt === chosen) ?? data.items[0]
  if (item === undefined) return null
  const choose = (prompt: PromptItem['prompt']): void => {
    // A recording exists in this page alone.
    setHeld(isRecorded && prompt !== item.prompt)
    if (!isRecorded) setChosen(prompt)
  }
  return (
    <div className={configuration['halves']}>
      <div className={configuration['list']}>
        <p className={configuration['lead']}>{t('prompts.lead')}</p>
        <p className={styles['problem']} role="alert">
          {held && isRecorded ? t('prompts.held') : ''}
        </p>
        <table className={`${admin['table']} ${styles['prompts']}`}>
          <thead>
            <tr>
              <th scope="col">{t('prompts.prompt')}</th>
              <th scope="col">{t('prompts.spokenBy')}</th>
              <th scope="col">{t('prompts.length')}</th>
            </tr>
          </thead>
          <tbody>
            {data.items.map((one) => (
              <PromptRow key={one.prompt} item={one} isChosen={one === item} choose={choose} />
            ))}
          </tbody>
        </table>
      </div>
      <aside className={configuration['one']} aria-labelledby="prompt">
        <PromptPanel
          key={item.prompt}
          item={item}
          setRecorded={(now) => {
            setRecorded(now)
            setHeld(false)
          }}
        />
      </aside>
    </div>
  )
}

interface PromptRowProps {
  readonly item: PromptItem
  readonly isChosen: boolean
  readonly choose: (prompt: PromptItem['prompt']) => void
}

function PromptRow({ item: { prompt, text, source, seconds }, isChosen, choose }: PromptRowProps) {
  const { t, i18n } = useTranslation()
  return (
    <tr data-prompt={prompt} data-source={source} data-chosen={isChosen}>
      <td>
        <button type="button" aria-pressed={isChosen} onClick={() => choose(prompt)}>
          {t(`prompts.names.${prompt}`)}
        </button>
        <span className={styles['words']} lang="ro">
          {text}
        </span>
      </td>
      <td>
        {source === 'recorded' ? (
          <strong>{t('prompts.sources.recorded')}</strong>
        ) : (
          t(`prompts.sources.${source}`)
        )}
      </td>
      <td className={styles['figure']}>
        {seconds === null ? '–' : t('prompts.seconds', { seconds: decimal(seconds, i18n.language) })}
      </td>
    </tr>
  )
}
