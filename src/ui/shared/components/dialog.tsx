import { CloseButton, Modal } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import styles from './dialog.module.css'

interface DialogProps {
  readonly opened: boolean
  readonly close: () => void
  readonly title: string
  readonly width: number
  /** False while Escape has a meaning inside the dialog. */
  readonly closeOnEscape?: boolean
  /** False when the opener restores the focus itself. */
  readonly returnFocus?: boolean
  readonly children: ReactNode
}

/**
 * A dialog for side matters (keys, commands, unsaved text at sign-out); never for anything that concerns the
 * call.
 */
export function Dialog({
  opened,
  close,
  title,
  width,
  closeOnEscape = true,
  returnFocus = true,
  children,
}: DialogProps) {
  const { t } = useTranslation()
  return (
    <Modal
      opened={opened}
      onClose={close}
      size={width}
      withCloseButton={false}
      closeOnEscape={closeOnEscape}
      returnFocus={returnFocus}
      attributes={{ content: { 'aria-label': title } }}
    >
      <div className={styles.head}>
        <h2>{title}</h2>
        <CloseButton aria-label={t('common.close')} onClick={close} />
      </div>
      {children}
    </Modal>
  )
}
