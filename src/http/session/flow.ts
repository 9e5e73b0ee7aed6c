/**
 * Values that a browser keeps in a sealed cookie between the two halves of a sign-in or an enrolment. The second half is refused
 * in another browser, and when the cookie is too old.
 */
export interface FlowData {
  /** The challenge that a passkey signs, and what for. */
  passkey: { readonly challenge: string; readonly about: 'sign-in' | 'enrolment' | 'activation' }
  /** The secret of an authenticator app before its first right code, base64, and whose it is. */
  totp: { readonly secret: string; readonly account: string }
  /** A sign-in that the identity provider is asked for. */
  provider: {
    readonly state: string
    readonly nonce: string
    readonly verifier: string
    /** The account that is being linked, and the digest of its session, base64url; null: a sign-in. */
    readonly link: { readonly account: string; readonly session: string } | null
  }
}
