import { useTranslation } from 'react-i18next'
import styles from './agreement.module.css'

/**
 * Romanian whatever the screen's language, because this is the text that is signed. It can be focused, so that
 * keys scroll it.
 */
export function AgreementText({ text }: { readonly text: string }) {
  const { t } = useTranslation()
  return (
    <article
      className={styles['text']}
      lang="ro"
      // A scrolling area must be reachable by keyboard.
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
