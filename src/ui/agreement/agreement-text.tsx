import { useTranslation } from 'react-i18next'
import styles from './agreement.module.css'

/** Romanian whatever the screen's language: it is what is signed. Reached by keyboard, to be scrolled. */
export function AgreementText({ text }: { readonly text: string }) {
  const { t } = useTranslation()
  return (
    <article
      className={styles['text']}
      lang="ro"
      // A part that scrolls must be reachable by those who have no wheel.
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      aria-label={t('agreement.title')}
    >
      {text.split(/\n\s*\n/).map((paragraph) => (
        <p key={paragraph} data-numbered={/^\d+\./.test(paragraph)}>
          {paragraph}
        </p>
      ))}
    </article>
  )
}
