import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Configuration } from '../../../core/configuration/schema.ts'
import type { PublishedConfiguration } from '../../../http/configuration/wire.ts'
import { shortDateTime } from '../../shared/time/time.ts'
import { unavailable } from '../../shared/components/unavailable.ts'
import { WhyNot } from '../../shared/components/why-not.tsx'
import type { KeptForm } from '../../shared/unsaved/use-kept.ts'
import { onTopOf } from './merge.ts'
import styles from './configuration.module.css'

interface DraftBarProps {
  readonly form: KeptForm<Configuration>
  readonly inForce: PublishedConfiguration
  /** Somebody has published a version since the draft was begun from `base`; undefined: that one is being read. */
  readonly late: { readonly base: Configuration | undefined } | null
  readonly changes: number
  readonly isReviewing: boolean
  /** The version that has just been published from this page. */
  readonly published: number | null
  readonly discard: () => void
  readonly review: () => void
}

/** How the draft stands to the version in force. */
export function DraftBar(props: DraftBarProps) {
  const { t } = useTranslation()
  const { form, late, changes, isReviewing, published, discard, review } = props
  if (late !== null) return <LateBar {...props} base={late.base} />
  return (
    <div className={styles['bar']} data-draft={changes}>
      <output>
        {changes > 0
          ? t('configuration.draft.unpublished', { count: changes })
          : published === null
            ? t('configuration.draft.none')
            : t('configuration.draft.published', { version: published })}
      </output>
      {changes > 0 && !isReviewing && (
        <Button variant="subtle" onClick={discard} data-action="discard">
          {t('configuration.draft.discard')}
        </Button>
      )}
      <BringBack form={form} />
      {!isReviewing && (
        <WhyNot reason={changes > 0 ? null : t('configuration.draft.unchanged')}>
          <Button
            {...unavailable(changes === 0)}
            onClick={() => changes > 0 && review()}
            data-action="review"
          >
            {t('configuration.draft.review')}
          </Button>
        </WhyNot>
      )}
    </div>
  )
}

function BringBack({ form: { bringBack } }: Pick<DraftBarProps, 'form'>) {
  const { t } = useTranslation()
  if (bringBack === null) return null
  return (
    <Button variant="subtle" onClick={bringBack} data-action="bring-back">
      {t('configuration.draft.bringBack')}
    </Button>
  )
}

interface LateBarProps extends DraftBarProps {
  readonly base: Configuration | undefined
}

function LateBar({ form, inForce, base, isReviewing, discard, review }: LateBarProps) {
  const { t, i18n } = useTranslation()
  const { by, publishedAt, reason } = inForce
  const at = publishedAt === null ? '' : shortDateTime(publishedAt, i18n.language)
  const merge = (): void => {
    if (base === undefined) return
    form.rebase(onTopOf(inForce.document, base, form.value))
    review()
  }
  return (
    <div className={styles['late']} role="alert" data-late>
      <span>
        {t('configuration.draft.late', { by: by ?? t('configuration.commandLine'), at })}
        {reason !== '' && (
          <>
            {' '}
            <q>{reason}</q>
          </>
        )}
      </span>
      {!isReviewing && (
        <Button variant="default" onClick={review} data-action="review">
          {t('configuration.draft.difference')}
        </Button>
      )}
      <Button onClick={merge} {...unavailable(base === undefined)} data-action="merge">
        {t('configuration.draft.merge')}
      </Button>
      <Button variant="default" onClick={discard} data-action="discard">
        {t('configuration.draft.discard')}
      </Button>
      <BringBack form={form} />
    </div>
  )
}
