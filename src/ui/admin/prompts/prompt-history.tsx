import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { isMusic } from '../../../core/prompts/recordable.ts'
import type { PromptItem } from '../../../http/prompts/wire.ts'
import { shortDateTime } from '../../shared/time/time.ts'
import { decimal } from './decimal.ts'
import { PlayButton } from './play-button.tsx'
import { wordsOf } from './prompt-name.ts'
import { usePromptVersions, versionSound } from './use-prompts.ts'
import admin from '../admin.module.css'
import styles from './prompts.module.css'

interface PromptHistoryProps {
  readonly item: PromptItem
  /** Takes a recording of before as the next one to be published; null: not now. */
  readonly take: ((version: number) => void) | null
}

/** The latest published versions of a prompt; none is ever removed. */
export function PromptHistory({ item, take }: PromptHistoryProps) {
  const { prompt, version: newest } = item
  const { t, i18n } = useTranslation()
  const { data } = usePromptVersions(prompt)
  if (data === undefined) return null
  return (
    <section aria-labelledby="prompt-history">
      <h3 id="prompt-history">{t('prompts.history')}</h3>
      {data.items.length === 0 ? (
        <p className={admin['quiet']}>
          {t(isMusic(prompt) ? 'prompts.music.noHistory' : 'prompts.noHistory')}
        </p>
      ) : (
        <ol className={styles['versions']}>
          {data.items.map(({ id, source, seconds, publishedAt, by, reason }) => (
            <li key={id} data-version={id}>
              <strong>
                {t('prompts.version', { version: id })}: {t(`${wordsOf(prompt)}.sources.${source}`)}
                {seconds !== null &&
                  `, ${t('prompts.seconds', { seconds: decimal(seconds, i18n.language) })}`}
              </strong>
              <span>{reason === '' ? t('prompts.noReason') : reason}</span>
              <span className={admin['quiet']}>
                {shortDateTime(publishedAt, i18n.language)} · {by}
              </span>
              {source === 'recorded' && (
                <span className={styles['row']}>
                  <PlayButton
                    label={t('prompts.listenVersion', { version: id })}
                    load={() => versionSound(prompt, id)}
                    of={String(id)}
                  />
                  {take !== null && id !== newest && (
                    <Button
                      variant="subtle"
                      size="compact-sm"
                      onClick={() => take(id)}
                      data-action="take-version"
                    >
                      {t('prompts.takeVersion', { version: id })}
                    </Button>
                  )}
                </span>
              )}
            </li>
          ))}
        </ol>
      )}
    </section>
  )
}
