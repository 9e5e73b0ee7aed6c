import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Configuration } from '../../../core/configuration/schema.ts'
import type { ConfigurationVersion, PublishedConfiguration } from '../../../http/configuration/wire.ts'
import { BusyButton } from '../../shared/components/busy-button.tsx'
import { Notice } from '../../shared/components/notice.tsx'
import { problemText } from '../../shared/server/problem-text.ts'
import { shortDateTime } from '../../shared/time/time.ts'
import { ChangeList } from './change-list.tsx'
import { changeWords } from './change-words.ts'
import { useVersion, useVersionBefore, useVersions } from './use-configuration.ts'
import { versionBefore } from './versions.ts'
import styles from './configuration.module.css'
import versionStyles from '../versions.module.css'

interface HistoryTabProps {
  readonly inForce: PublishedConfiguration
  /** Null: it is only read. */
  readonly revert: ((document: Configuration) => void) | null
}

/** The published versions, each with its difference from the one before. */
export function HistoryTab({ inForce, revert }: HistoryTabProps) {
  const { t, i18n } = useTranslation()
  const { data, error, fetchNextPage, hasNextPage, isFetching, refetch } = useVersions()
  const [chosen, setChosen] = useState<number | null>(null)
  if (data === undefined)
    return error === null ? null : <Notice text={problemText(error, t)} again={() => void refetch()} />
  const items = data.pages.flatMap((page) => page.items)
  const index = Math.max(
    0,
    items.findIndex(({ id }) => id === chosen),
  )
  const version = items[index]
  if (version === undefined) return <p className={styles['lead']}>{t('configuration.history.none')}</p>
  return (
    <div className={styles['halves']}>
      <div className={styles['list']}>
        <Version
          version={version}
          before={versionBefore(items, hasNextPage, index)}
          isInForce={version.id === inForce.id}
          revert={revert}
        />
      </div>
      <aside className={styles['one']} aria-labelledby="versions">
        <h2 id="versions">{t('configuration.history.title')}</h2>
        <ol className={versionStyles['versions']}>
          {items.map((one) => (
            <li key={one.id}>
              <button type="button" aria-pressed={one === version} onClick={() => setChosen(one.id)}>
                <strong>
                  {t('configuration.history.version', { version: one.id })}
                  {one.id === inForce.id && ` · ${t('configuration.history.inForce')}`}
                </strong>
                <span>{one.reason === '' ? t('configuration.history.noReason') : one.reason}</span>
                <span>
                  {one.publishedAt !== null && shortDateTime(one.publishedAt, i18n.language)} ·{' '}
                  {one.by ?? t('configuration.commandLine')}
                </span>
              </button>
            </li>
          ))}
        </ol>
        {hasNextPage && (
          <BusyButton
            variant="default"
            loading={isFetching}
            onClick={() => void fetchNextPage()}
            data-action="more"
          >
            {t('configuration.history.more')}
          </BusyButton>
        )}
      </aside>
    </div>
  )
}

interface VersionProps {
  readonly version: ConfigurationVersion
  /** The version before; 0: as installed. Null: not in the list yet. */
  readonly before: number | null
  readonly isInForce: boolean
  readonly revert: HistoryTabProps['revert']
}

function Version({ version, before, isInForce, revert }: VersionProps) {
  const { t, i18n } = useTranslation()
  const after = useVersion(version.id)
  const previous = useVersionBefore(version.id, before)
  if (after === undefined || previous === undefined) return null
  const changes = changeWords(previous.document, after.document, t, i18n.language)
  return (
    <section className={styles['review']} aria-labelledby="version">
      <h2 id="version">{t('configuration.history.changesOf', { version: version.id })}</h2>
      {changes.length === 0 ? (
        <p className={styles['lead']}>{t('configuration.history.noChange')}</p>
      ) : (
        <ChangeList changes={changes} of="past" />
      )}
      {!isInForce && revert !== null && (
        <div className={styles['actions']}>
          <Button variant="default" onClick={() => revert(after.document)} data-action="revert">
            {t('configuration.history.revert')}
          </Button>
          <span className={styles['quiet']}>{t('configuration.history.revertHint')}</span>
        </div>
      )}
    </section>
  )
}
