/** How the account of a session was authenticated; `recovery`: password and recovery code; `demo`: by the demo's button. */
export type SignInMethod = 'password' | 'totp' | 'recovery' | 'passkey' | 'oidc' | 'demo'
