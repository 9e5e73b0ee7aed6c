import { useTranslation } from 'react-i18next'
import { useStore } from '../../shared/store.ts'
import { IdentityScript } from '../identity/identity-script.tsx'
import type { ScriptProps } from '../work/script-props.ts'
import script from '../script/script-zone.module.css'
import { said, type Said } from './said.ts'
import { useSection } from './section.ts'

/** What is said in this tab: first for the proof of who calls, then what is read out of the open section. */
export function TaxesScript({ callId }: ScriptProps) {
  const open = useStore(said)
  return open === null || open.callId !== callId ? <IdentityScript /> : <Sentences open={open} />
}

/** In words, and Romanian whatever the language of the screen: so the callers are spoken to. */
function Sentences({ open }: { readonly open: Said }) {
  const { t } = useTranslation()
  const { data } = useSection(open, open.section)
  if (data === undefined) return <IdentityScript />
  const [asOf = ''] = data.say
  const own = data.items.find(({ object }) => object === open.object)?.say
  // Of an object of which this section says nothing, nothing is read out but for which day.
  const sentences = open.object === null ? data.say : [asOf, ...(own ?? [])]
  return (
    // Longer than its place at times: with the focus here the arrows scroll it.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached without a mouse.
    <section tabIndex={0} aria-label={t('taxes.readOut')} data-read-out lang="ro">
      {sentences.map((sentence) => (
        <p key={sentence} className={script['aloud']}>
          {sentence}
        </p>
      ))}
    </section>
  )
}
