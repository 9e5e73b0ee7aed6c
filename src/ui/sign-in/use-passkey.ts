/** Passkeys in this browser, at this address. */
import { browserSupportsWebAuthn, startAuthentication } from '@simplewebauthn/browser'
import type { PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/browser'
import { queryOptions } from '@tanstack/react-query'
import type { SignInMethods } from '../../http/sign-in/wire.ts'
import { api } from '../shared/server/api.ts'

export const methodsQuery = queryOptions({
  queryKey: ['sign-in'],
  queryFn: () => api<SignInMethods>('GET', '/sign-in'),
  staleTime: 10_000,
  // The provider may come back while the page is open.
  refetchInterval: 10_000,
  retry: false,
})

/** Whether passkeys for `origin` can be used in this page. */
export function usesPasskeys(origin: string | null): boolean {
  return origin === window.location.origin && browserSupportsWebAuthn()
}

/** Null: the person cancelled, or the device has no passkey for this site. */
export async function passkeyAnswer(options = '/sign-in/passkey/options'): Promise<object | null> {
  const optionsJSON = await api<PublicKeyCredentialRequestOptionsJSON>('POST', options)
  try {
    return await startAuthentication({ optionsJSON })
  } catch {
    return null
  }
}
