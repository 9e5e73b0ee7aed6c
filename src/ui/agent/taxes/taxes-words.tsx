import { IdentityWords } from '../identity/identity-words.tsx'
import type { WordsProps } from '../work/panes.tsx'
import { TaxWords } from './tax-words.tsx'

/** What is read out of the account; until it is open, what is said while somebody proves who he is. */
export function TaxesWords({ callId }: WordsProps) {
  return <TaxWords callId={callId} otherwise={<IdentityWords />} />
}
