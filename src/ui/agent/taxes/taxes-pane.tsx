import { useStore } from '../../shared/use-store.ts'
import { check } from '../identity/check-desk.ts'
import { IdentityGate } from '../identity/identity-gate.tsx'
import { Account } from './account.tsx'

/** Taxes: who calls is proved first; then his account, as long as the grant lasts. */
export function TaxesPane() {
  const callId = useStore(check, (state) => state.callId)
  return (
    <IdentityGate>
      {({ handle }) =>
        callId === null ? null : <Account key={`${callId} ${handle}`} callId={callId} handle={handle} />
      }
    </IdentityGate>
  )
}
