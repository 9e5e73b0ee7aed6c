import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { JournalState } from '../../http/journal/wire.ts'
import { api } from '../shared/server/api.ts'
import { Explained } from '../shared/components/explained.tsx'
import { Icon } from '../shared/components/icon.tsx'
import { problemText } from '../shared/server/problem-text.ts'
import { clock, numeral, shortDateTime } from '../shared/time/time.ts'
import { Rollbacks } from './rollbacks.tsx'
import styles from './journal.module.css'

const askedEveryMs = 30_000

/** How much of the access log is anchored outside of the database, and whether it was altered. */
export function JournalStrip() {
  const { t, i18n } = useTranslation()
  const { data: state, error } = useQuery({
    queryKey: ['journal', 'state'],
    queryFn: () => api<JournalState>('GET', '/journal'),
    refetchInterval: askedEveryMs,
  })
  if (state === undefined)
    return <p className={styles['strip']}>{error === null ? t('common.loading') : problemText(error, t)}</p>
  const {
    entries,
    anchored,
    everAnchored,
    stamped,
    rollbacks,
    lastCheck,
    failedCheck,
    checkOverdue,
    verifierKey,
  } = state
  const figure = (value: number): string => numeral(value, i18n.language)
  const count = anchored === null ? 0 : anchored.entries
  // The state now comes before the finding of last night.
  const wrong = state.state === 'goes on' ? null : t(`journal.state.${state.state}`)
  const unchecked =
    failedCheck !== null
      ? t('journal.state.checkFailed', {
          at: shortDateTime(failedCheck.at, i18n.language),
          why: failedCheck.why,
        })
      : checkOverdue
        ? t('journal.state.checkOverdue')
        : null
  const bad = wrong ?? lastCheck?.bad ?? unchecked
  return (
    <section aria-label={t('journal.state.label')} data-journal={bad === null ? 'good' : 'bad'}>
      <div className={styles['strip']}>
        <dl className={styles['figures']}>
          <div>
            <dt>{t('journal.state.entries')}</dt>
            <dd>{figure(entries)}</dd>
          </div>
          <div>
            <dt>{t('journal.state.anchored')}</dt>
            <dd>
              {anchored === null
                ? t('journal.state.never')
                : t('journal.state.anchoredAt', {
                    entries: figure(count),
                    at: clock(anchored.at, i18n.language),
                  })}
            </dd>
          </div>
          <div>
            <dt>
              <Explained by={t('journal.state.windowHint')}>{t('journal.state.window')}</Explained>
            </dt>
            <dd data-window={entries - count}>{figure(Math.max(0, entries - count))}</dd>
          </div>
          {stamped !== null && (
            <div>
              <dt>
                <Explained by={t('journal.state.stampedHint', { authority: stamped.authority })}>
                  {t('journal.state.stamped')}
                </Explained>
              </dt>
              <dd data-stamped={stamped.entries}>
                {t('journal.state.stampedAt', {
                  entries: figure(stamped.entries),
                  at: shortDateTime(stamped.at, i18n.language),
                })}
              </dd>
            </div>
          )}
          <div>
            <dt>{t('journal.state.check')}</dt>
            <dd>
              {lastCheck === null
                ? t('journal.state.checkNever')
                : shortDateTime(lastCheck.at, i18n.language)}
            </dd>
          </div>
        </dl>
        <p className={styles[bad === null ? 'good' : 'bad']} role={bad === null ? undefined : 'alert'}>
          <Icon name={bad === null ? 'ready' : 'warning'} size={16} />
          {bad ?? t(lastCheck === null ? 'journal.state.goes on' : 'journal.state.good')}
        </p>
      </div>
      {wrong !== null && (
        <p className={styles['unsigned']}>{t('journal.state.unsigned', { entries: figure(everAnchored) })}</p>
      )}
      <Rollbacks rollbacks={rollbacks} />
      <details className={styles['key']}>
        <summary>{t('journal.state.key')}</summary>
        <code>{verifierKey}</code>
        <p>{t('journal.state.keyHint')}</p>
      </details>
    </section>
  )
}
