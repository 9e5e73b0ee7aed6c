import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { PaperArticle } from '../../http/knowledge/wire.ts'
import { Icon } from '../shared/components/icon.tsx'
import { longDay, today } from '../shared/time/time.ts'
import { NoticesOf } from './notices-of.tsx'
import { useCopy } from './use-copy.ts'
import styles from './article.module.css'

interface ArticleProps {
  readonly article: PaperArticle
  /** The level of the title's heading. */
  readonly level: 1 | 3
}

/** One version of an article, in the order of a conversation with a citizen. */
export function Article({ article, level }: ArticleProps) {
  const { t, i18n } = useTranslation()
  const Title = `h${level}` as const
  const { copied, copy } = useCopy()
  const warning = warningOf(article)
  return (
    <article className={styles['article']} data-article={`${article.id}@${article.version}`}>
      <Title className={styles['title']}>{article.title}</Title>
      <p className={styles['domain']}>{article.domain}</p>
      {article.handledBy !== null && (
        <p className={styles['elsewhere']} data-elsewhere>
          <Icon name="elsewhere" size={16} />
          <span>
            <strong>{t('papers.elsewhere')}</strong> → {article.handledBy}
          </span>
        </p>
      )}
      <div className={styles['actions']}>
        <Button
          variant="default"
          size="compact-sm"
          data-copy="text"
          onClick={() => void copy('text', article.sendable)}
        >
          {t('papers.copyText')}
        </Button>
        <Button
          variant="default"
          size="compact-sm"
          data-copy="link"
          onClick={() => void copy('link', article.sourceUrl)}
        >
          {t('papers.copyLink')}
        </Button>
        <output>{copied === null ? '' : t(`papers.copied.${copied}`)}</output>
      </div>
      {article.retired !== null && (
        <p className={styles['warning']} data-retired>
          <Icon name="warning" size={16} />
          {t('papers.retired.mark', {
            at: longDay(today(Date.parse(article.retired.at)), i18n.language),
            reason: article.retired.reason,
          })}
        </p>
      )}
      {warning !== null && (
        <p className={styles['warning']}>
          <Icon name="warning" size={16} />
          {t(`papers.warning.${warning}`, {
            day: longDay(warning === 'not yet' ? article.validFrom : (article.validTo ?? ''), i18n.language),
            version: article.replacedBy,
          })}
        </p>
      )}
      <NoticesOf article={article.id} />
      {article.problem !== '' && <p>{article.problem}</p>}
      {(article.handledBy === null || article.needs.length > 0) && <Needs needs={article.needs} />}
      <Facts article={article} />
      <p className={styles['foot']}>
        {t('papers.version', { version: article.version, day: longDay(article.validFrom, i18n.language) })}
        {article.validTo !== null &&
          ` ${t('papers.until', { day: longDay(article.validTo, i18n.language) })}`}
        {' · '}
        {t('papers.reviewed', { day: longDay(article.reviewedAt, i18n.language) })}
        {' · '}
        <a href={article.sourceUrl} target="_blank" rel="noreferrer">
          {t('papers.source')}
        </a>
      </p>
    </article>
  )
}

function Needs({ needs }: { readonly needs: PaperArticle['needs'] }) {
  const { t } = useTranslation()
  if (needs.length === 0) return <p className={styles['none']}>{t('papers.noNeeds')}</p>
  return (
    <table className={styles['needs']}>
      <thead>
        <tr>
          <th scope="col">{t('papers.needs')}</th>
          <th scope="col">{t('papers.form.label')}</th>
        </tr>
      </thead>
      <tbody>
        {needs.map(({ what, form, count }) => (
          <tr key={`${what} ${form}`}>
            <td>{what}</td>
            <td>{t(`papers.form.${form}`, { count })}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Facts({ article }: { readonly article: PaperArticle }) {
  const { t } = useTranslation()
  const { form, fee, counter, hours, term, basis } = article
  return (
    <dl className={styles['facts']}>
      {form !== null && (
        <>
          <dt>{t('papers.formName')}</dt>
          <dd>
            {form.url === null ? (
              `${form.name} (${t('papers.atCounter')})`
            ) : (
              <a href={form.url} target="_blank" rel="noreferrer">
                {form.name}
              </a>
            )}
          </dd>
        </>
      )}
      <Fact name={t('papers.fee')} value={fee} />
      <Fact name={t('papers.counter')} value={counter} />
      <Fact name={t('papers.hours')} value={hours} />
      <Fact name={t('papers.term')} value={term} />
      <Fact name={t('papers.basis')} value={basis.join('; ')} />
    </dl>
  )
}

/** Empty when the article of another institution does not know it. */
function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  if (value === '') return null
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  )
}

/** The warning that the agent must see before reading anything out; the most serious one only. */
function warningOf(article: PaperArticle): 'replaced' | 'over' | 'not yet' | 'stale' | null {
  if (article.replacedBy !== null) return 'replaced'
  if (article.standing !== 'in force') return article.standing
  return article.stale ? 'stale' : null
}
