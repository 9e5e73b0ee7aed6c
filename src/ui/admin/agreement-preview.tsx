import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { AgreementPreview } from '../../http/agreement/wire.ts'
import { AgreementText } from '../agreement/agreement-text.tsx'
import { useFocus } from '../shared/use-focus.ts'
import styles from './admin.module.css'

interface AgreementPreviewPanelProps {
  readonly preview: AgreementPreview
  /** The number that the text would have. */
  readonly version: number
  readonly busy: boolean
  readonly problem: ReactNode
  readonly publish: () => void
  readonly back: () => void
}

/** The text as its signatories will see it, and whom the publication concerns: the last step before it. */
export function AgreementPreviewPanel(props: AgreementPreviewPanelProps) {
  const { preview, version, busy, problem, publish, back } = props
  const { t } = useTranslation()
  const title = useFocus<HTMLHeadingElement>()
  const { text, name, employer, signAgain, signFirst } = preview
  return (
    <section className={styles['editor']} aria-labelledby="preview" data-agreement-preview>
      <h2 id="preview" className={styles['previewTitle']} tabIndex={-1} ref={title}>
        {t('admin.agreement.previewTitle')}
      </h2>
      <p className={styles['quiet']}>{t('admin.agreement.previewOf', { name, employer })}</p>
      <AgreementText text={text} />
      <p className={styles['consequence']} data-sign-again={signAgain}>
        {signAgain === 0
          ? t('admin.agreement.signNobody')
          : t('admin.agreement.signAgain', { count: signAgain })}{' '}
        {signFirst > 0 && t('admin.agreement.signFirst', { count: signFirst })}
      </p>
      {problem}
      <div className={styles['actions']}>
        <Button disabled={busy} onClick={publish} data-action="publish-agreement">
          {t('admin.agreement.publish', { version })}
        </Button>
        <Button variant="default" disabled={busy} onClick={back} data-action="back-to-text">
          {t('admin.agreement.back')}
        </Button>
      </div>
    </section>
  )
}
