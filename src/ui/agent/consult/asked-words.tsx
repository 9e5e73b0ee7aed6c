import { useTranslation } from 'react-i18next'
import type { LiveCallView } from '../../../http/live/wire.ts'

/** Instead of what to say to a citizen. */
export function AskedWords({ call }: { readonly call: LiveCallView | null }) {
  const { t } = useTranslation()
  return (
    <>
      <p>{t('desk.consult.words.asked', { name: call?.agent?.name ?? '' })}</p>
      <p>{t('desk.consult.words.see')}</p>
    </>
  )
}
