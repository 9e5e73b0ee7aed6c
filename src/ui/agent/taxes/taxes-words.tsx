import { IdentityWords } from '../identity/identity-words.tsx'

/** What is said while somebody proves who he is. */
export function TaxesWords() {
  return <IdentityWords />
}
