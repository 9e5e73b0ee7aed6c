import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { isFixedPrompt, isMusic } from '../../../core/prompts/recordable.ts'
import type { PromptItem } from '../../../http/prompts/wire.ts'
import { Notice } from '../../shared/components/notice.tsx'
import { problemText } from '../../shared/server/problem-text.ts'
import { useStore } from '../../shared/store.ts'
import { shortDateTime } from '../../shared/time/time.ts'
import { keptRecording } from './kept-recording.ts'
import { PromptPanel } from './prompt-panel.tsx'
import { promptName, wordsOf } from './prompt-name.ts'
import { promptsQuery } from './use-prompts.ts'
import { decimal } from './decimal.ts'
import configuration from '../configuration/configuration.module.css'
import admin from '../admin.module.css'
import styles from './prompts.module.css'

/** The fixed prompts and the texts of the line, and one of them: its voice, and a new recording. */
export function PromptsTab() {
  const { t } = useTranslation()
  const { data, error, refetch } = useQuery(promptsQuery)
  const kept = useStore(keptRecording)
  const [chosen, setChosen] = useState(kept?.item ?? null)
  const [isUnderWay, setUnderWay] = useState(false)
  const isRecorded = isUnderWay || kept !== null
  const [held, setHeld] = useState(false)
  if (data === undefined)
    return error === null ? null : <Notice text={problemText(error, t)} again={() => void refetch()} />
  // A text may go out of use while it is recorded: the recording is in this page alone.
  const gone = isRecorded ? chosen : null
  const item = data.items.find(({ prompt }) => prompt === chosen?.prompt) ?? gone ?? data.items[0]
  if (item === undefined) return null
  const choose = (one: PromptItem): void => {
    setHeld(isRecorded && one.prompt !== item.prompt)
    if (!isRecorded) setChosen(one)
  }
  const groups = [
    { title: t('prompts.fixed'), items: data.items.filter(({ prompt }) => isFixedPrompt(prompt)) },
    { title: t('prompts.music.group'), items: data.items.filter(({ prompt }) => isMusic(prompt)) },
    {
      title: t('prompts.texts'),
      items: data.items.filter(({ prompt, heardIn }) => !isMusic(prompt) && heardIn.length > 0),
    },
    {
      title: t('prompts.unusedTexts'),
      items: data.items.filter(
        ({ prompt, heardIn }) => !isFixedPrompt(prompt) && !isMusic(prompt) && heardIn.length === 0,
      ),
    },
  ]
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
          {groups.map(({ title, items }) =>
            items.length === 0 ? null : (
              <tbody key={title}>
                <tr className={styles['group']}>
                  <th scope="rowgroup" colSpan={3}>
                    {title}
                  </th>
                </tr>
                {items.map((one) => (
                  <PromptRow key={one.prompt} item={one} isChosen={one === item} choose={choose} />
                ))}
              </tbody>
            ),
          )}
        </table>
      </div>
      <aside className={configuration['one']} aria-labelledby="prompt">
        <PromptPanel
          key={item.prompt}
          item={item}
          setRecorded={(now) => {
            setUnderWay(now)
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
  readonly choose: (item: PromptItem) => void
}

function PromptRow({ item, isChosen, choose }: PromptRowProps) {
  const { t, i18n } = useTranslation()
  const { prompt, text, language, source, seconds, at, by } = item
  const voice = t(`${wordsOf(prompt)}.sources.${source}`)
  return (
    <tr data-prompt={prompt} data-source={source} data-chosen={isChosen}>
      <td>
        <button type="button" aria-pressed={isChosen} onClick={() => choose(item)}>
          {promptName(item, t)}
        </button>
        {text === '' && at !== null ? (
          <span className={styles['words']}>
            {t('prompts.since', { at: shortDateTime(at, i18n.language), by })}
          </span>
        ) : (
          <span className={styles['words']} lang={language}>
            {text}
          </span>
        )}
      </td>
      <td>{source === 'recorded' ? <strong>{voice}</strong> : voice}</td>
      <td className={styles['figure']}>
        {seconds === null ? '–' : t('prompts.seconds', { seconds: decimal(seconds, i18n.language) })}
      </td>
    </tr>
  )
}
