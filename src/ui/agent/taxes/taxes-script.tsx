import { useTranslation } from 'react-i18next'
import { useStore } from '../../shared/store.ts'
import { IdentityScript } from '../identity/identity-script.tsx'
import type { ScriptProps } from '../work/script-props.ts'
import script from '../script/script-zone.module.css'
import { readAloud, type ReadAloud } from './read-aloud.ts'
import { useSection } from './section.ts'

/** The script of this tab: first for the identity check, then for the open section. */
export function TaxesScript({ callId }: ScriptProps) {
  const open = useStore(readAloud)
  return open === null || open.callId !== callId ? <IdentityScript /> : <Sentences open={open} />
}

/**
 * Amounts in words, and in Romanian whatever the screen's language, because callers are addressed in Romanian.
 */
function Sentences({ open }: { readonly open: ReadAloud }) {
  const { t } = useTranslation()
  const { data } = useSection(open, open.section)
  if (data === undefined) return <IdentityScript />
  const [asOf = ''] = data.say
  const own = data.items.find(({ object }) => object === open.object)?.say
  // For an object that this section does not mention, only the date is read out.
  const sentences = open.object === null ? data.say : [asOf, ...(own ?? [])]
  return (
    // The text may be longer than its area: with the focus here the arrow keys scroll it.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolling area must be reachable by keyboard.
    <section tabIndex={0} aria-label={t('taxes.readOut')} data-read-out lang="ro">
      {sentences.map((sentence) => (
        <p key={sentence} className={script['aloud']}>
          {sentence}
        </p>
      ))}
    </section>
  )
}
