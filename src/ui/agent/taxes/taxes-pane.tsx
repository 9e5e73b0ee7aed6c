import { ExternalHears } from '../contacts/external-hears.tsx'
import { IdentityGate } from '../identity/identity-gate.tsx'
import { Account } from './account.tsx'

/** Taxes: the identity check first, then the caller's account for as long as the grant lasts; above both, whether somebody outside hears. */
export function TaxesPane() {
  return (
    <>
      <ExternalHears />
      <IdentityGate>
        {({ callId, handle }) => <Account key={`${callId} ${handle}`} callId={callId} handle={handle} />}
      </IdentityGate>
    </>
  )
}
