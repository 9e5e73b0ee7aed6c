import { useTranslation } from 'react-i18next'
import { useStore } from '../../shared/store.ts'
import { IdentityScript } from '../identity/identity-script.tsx'
import type { ScriptProps } from '../work/script-props.ts'
import { Said } from '../script/said.tsx'
import { readAloud, type ReadAloud } from './read-aloud.ts'
import { useSection } from './section.ts'

/** The script of this tab: first for the identity check, then for the open section. */
export function TaxesScript({ callId }: ScriptProps) {
  const open = useStore(readAloud)
  return open === null || open.callId !== callId ? <IdentityScript /> : <Sentences open={open} />
}

function Sentences({ open }: { readonly open: ReadAloud }) {
  const { t } = useTranslation()
  const { data } = useSection(open, open.section)
  if (data === undefined) return <IdentityScript />
  const own = data.items.find(({ object }) => object === open.object)?.say
  // For an object that this section does not mention, only the date is read out.
  const sentences = open.object === null ? data.say : [...data.say.slice(0, 1), ...(own ?? [])]
  return (
    <section aria-label={t('taxes.readOut')} data-read-out>
      <Said thing={`${open.callId} ${open.section} ${open.object ?? ''}`} sentences={sentences} />
    </section>
  )
}
