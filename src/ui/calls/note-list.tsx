import { useTranslation } from 'react-i18next'
import { shortDateTime } from '../shared/time/time.ts'
import type { Detail } from './use-calls.ts'
import styles from './calls.module.css'

/** The last version of what each author typed during the call, and the notes that were added later. */
export function NoteList({ notes }: { readonly notes: Detail['notes'] }) {
  const { t, i18n } = useTranslation()
  const last = notes.filter(({ text }) => text !== '')
  if (last.length === 0) return <p className={styles['quiet']}>{t('calls.page.noNotes')}</p>
  return (
    <>
      {last.map((note) => (
        <blockquote key={`${note.author} ${note.at}`} className={styles['note']}>
          <p>{note.text}</p>
          <footer>
            {note.author}, <time dateTime={note.at}>{shortDateTime(note.at, i18n.language)}</time>
            {note.later && ` · ${t('calls.correction.afterwards')}`}
          </footer>
        </blockquote>
      ))}
    </>
  )
}
