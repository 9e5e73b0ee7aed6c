import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { FiledDocument, FoundDocument } from '../../../http/documents/wire.ts'
import { useNow } from '../../shared/time/now.ts'
import { longDate, today } from '../../shared/time/time.ts'
import type { LateDocument } from './document-form.ts'
import type { DocumentReference } from './document-form.ts'
import styles from './filed-elsewhere.module.css'

interface FoundDocumentProps {
  readonly found: FoundDocument
  readonly reference: DocumentReference
  readonly complain: (reference: LateDocument) => void
}

/** The result of a search in the document system, in words for the caller. */
export function FoundDocumentCard({ found, reference, complain }: FoundDocumentProps) {
  const { t } = useTranslation()
  const { outcome, document } = found
  const button = (verified: boolean) => (
    <Button variant="default" data-action="late-answer" onClick={() => complain({ ...reference, verified })}>
      {t('documents.find.complain')}
    </Button>
  )
  if (outcome === 'unreachable')
    return (
      <>
        <p>{t('documents.find.unreachable')}</p>
        <p className={styles['unverified']}>
          {reference.number} · {t('documents.find.unverified')}
        </p>
        {button(false)}
      </>
    )
  if (outcome === 'unknown' || document === null)
    return (
      <>
        <p>{t('documents.find.unknown')}</p>
        {button(false)}
      </>
    )
  return (
    <>
      <DocumentSummary document={document} />
      {!isClosed(document) && button(true)}
    </>
  )
}

const isClosed = ({ state }: FiledDocument): boolean =>
  state === 'answered' || state === 'filed' || state === 'redirected'

function DocumentSummary({ document }: { readonly document: FiledDocument }) {
  const { t, i18n } = useTranslation()
  const { state, department, deadline } = document
  const closed = isClosed(document)
  const day = deadline === null ? null : longDate(`${deadline}T12:00:00Z`, i18n.language)
  const now = useNow()
  const late = !closed && deadline !== null && deadline < today(now)
  return (
    <>
      <div className={styles['aloud']}>
        <p>{t(`documents.find.say.${state}`, { department })}</p>
        {!closed && day !== null && (
          <p>{t(late ? 'documents.find.sayLate' : 'documents.find.sayDeadline', { date: day })}</p>
        )}
      </div>
      <dl className={styles['facts']}>
        <dt>{t('documents.state')}</dt>
        <dd>{t(`documents.find.states.${state}`)}</dd>
        <dt>{t('documents.find.department')}</dt>
        <dd>{department}</dd>
        <dt>{t('documents.find.deadline')}</dt>
        <dd className={late ? styles['late'] : undefined}>{day ?? t('documents.find.noDeadline')}</dd>
      </dl>
    </>
  )
}
