import { useTranslation } from 'react-i18next'
import { shortDateTime } from '../shared/time/time.ts'
import type { Detail } from './use-calls.ts'
import styles from './calls.module.css'

/** Shows the last version of each author; earlier ones stay on record only. */
export function NoteList({ notes }: { readonly notes: Detail['notes'] }) {
  const { t, i18n } = useTranslation()
  const last = notes.filter(
    (note, index) =>
      notes.findLastIndex(({ author }) => author === note.author) === index && note.text !== '',
  )
  if (last.length === 0) return <p className={styles['quiet']}>{t('calls.page.noNotes')}</p>
  return (
    <>
      {last.map((note) => (
        <blockquote key={note.author} className={styles['note']}>
          <p>{note.text}</p>
          <footer>
            {note.author}, <time dateTime={note.at}>{shortDateTime(note.at, i18n.language)}</time>
          </footer>
        </blockquote>
      ))}
    </>
  )
}
