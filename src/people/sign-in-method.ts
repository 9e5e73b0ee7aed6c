/** How the account of a session was authenticated; `demo`: by the demo's button. */
export type SignInMethod = 'password' | 'totp' | 'passkey' | 'oidc' | 'demo'
