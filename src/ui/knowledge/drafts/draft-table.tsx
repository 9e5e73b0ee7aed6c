import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { problemText } from '../../shared/server/problem-text.ts'
import { shortDateTime } from '../../shared/time/time.ts'
import knowledge from '../knowledge.module.css'
import { draftPage, useDrafts } from './use-drafts.ts'

/** The drafts that wait for a second editor, and those that went back to their author. */
export function DraftTable() {
  const { t, i18n } = useTranslation()
  const { data, error } = useDrafts(true)
  if (error !== null) return <p className={knowledge['problem']}>{problemText(error, t)}</p>
  if (data === undefined) return null
  if (data.length === 0) return <p className={knowledge['quiet']}>{t('papers.drafts.none')}</p>
  return (
    <table className={knowledge['table']}>
      <thead>
        <tr>
          <th scope="col">{t('papers.page.column.title')}</th>
          <th scope="col">{t('papers.drafts.what')}</th>
          <th scope="col">{t('papers.drafts.by')}</th>
          <th scope="col">{t('papers.drafts.at')}</th>
          <th scope="col">{t('papers.drafts.state')}</th>
        </tr>
      </thead>
      <tbody>
        {data.map(({ draft, title, basedOn, latest, by, at, returned, mayPublish }) => (
          <tr key={draft} data-draft={draft}>
            <td>
              <Link href={draftPage(draft)}>{title}</Link>
            </td>
            <td>
              {basedOn === 0 ? t('papers.drafts.isNew') : t('papers.drafts.next', { version: basedOn + 1 })}
            </td>
            <td>{by}</td>
            <td>{shortDateTime(at, i18n.language)}</td>
            <td>
              {returned !== null
                ? t('papers.drafts.returned', { name: returned.by })
                : latest !== basedOn
                  ? t('papers.drafts.late')
                  : t(mayPublish ? 'papers.drafts.toRead' : 'papers.drafts.waits')}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
