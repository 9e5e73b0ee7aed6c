import { useTranslation } from 'react-i18next'
import type { PaperContent } from '../../../http/knowledge/wire.ts'
import { longDay } from '../../shared/time/time.ts'
import { changesBetween, type ChangedPart, type ComparedField } from './article-changes.ts'
import styles from './drafts.module.css'

const labels = {
  title: 'papers.edit.paperTitle',
  domain: 'papers.edit.domain',
  problem: 'papers.edit.problem',
  asked: 'papers.edit.asked',
  needs: 'papers.needs',
  formName: 'papers.edit.formName',
  handledBy: 'papers.edit.handledBy',
  fee: 'papers.fee',
  counter: 'papers.counter',
  hours: 'papers.hours',
  term: 'papers.term',
  basis: 'papers.basis',
  validFrom: 'papers.edit.validFrom',
  validTo: 'papers.edit.validTo',
  sourceUrl: 'papers.edit.sourceUrl',
  reviewedAt: 'papers.edit.reviewedAt',
} as const satisfies Record<ComparedField, string>

interface ChangesProps {
  readonly before: PaperContent
  readonly after: PaperContent
}

/** The fields in which two versions differ: removed words struck out, added words underlined. */
export function Changes({ before, after }: ChangesProps) {
  const { t, i18n } = useTranslation()
  const changed = changesBetween(before, after, {
    need: ({ what, form, count }) => `${what} (${t(`papers.form.${form}`, { count })})`,
    day: (day) => longDay(day, i18n.language),
  })
  if (changed.length === 0) return <p className={styles['quiet']}>{t('papers.changes.none')}</p>
  return (
    <>
      <p className={styles['quiet']}>
        <del>{t('papers.changes.removed')}</del> <ins>{t('papers.changes.added')}</ins>
      </p>
      <dl className={styles['changes']}>
        {changed.map(({ field, parts }) => (
          <div key={field} data-changed={field}>
            <dt>{t(labels[field])}</dt>
            <dd lang="ro">
              {parts.map((part, index) => (
                // The parts have no names of their own, and the list never changes.
                // oxlint-disable-next-line react/no-array-index-key
                <Part key={index} part={part} />
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </>
  )
}

function Part({ part: { text, change } }: { readonly part: ChangedPart }) {
  if (change === 'added') return <ins>{text}</ins>
  return change === 'removed' ? <del>{text}</del> : text
}
