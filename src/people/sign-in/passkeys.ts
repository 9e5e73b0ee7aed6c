/**
 * Passkeys (WebAuthn). A passkey signs in alone: possession of the device, and its unlocking by PIN or finger, which is
 * required (user verification). So it counts as both factors.
 */
import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from '@simplewebauthn/server'
import type { Database } from '../../ledger/database.ts'
import type { Account } from '../accounts.ts'
import { challengeMs, spendChallenge } from './challenges.ts'
import { passkeyOf, passkeysAt, acceptStep, type NewPasskey, type Passkey } from './factors.ts'

/** The site that passkeys belong to. Browsers accept a host name only, and HTTPS or localhost. */
export interface PasskeySite {
  /** `https://linia.example.ro`. */
  readonly origin: string
  /** The host name: WebAuthn's RP ID. */
  readonly rp: string
}

const siteName = 'Linia 969'
/** Loaded at the first use: it takes 0.2 s, which a restarting node does not have. */
const webauthn = () => import('@simplewebauthn/server')

/** Null: browsers offer no passkeys at an IP address or over plain HTTP. */
export function passkeySite(origin: string): PasskeySite | null {
  const { protocol, hostname } = new URL(origin)
  const isAddress = /^[\d.]+$/.test(hostname) || hostname.startsWith('[')
  const secure = protocol === 'https:' || hostname === 'localhost'
  return isAddress || !secure ? null : { origin, rp: hostname }
}

export async function registrationOptions(
  db: Database,
  site: PasskeySite,
  account: Account,
): Promise<PublicKeyCredentialCreationOptionsJSON> {
  const { generateRegistrationOptions } = await webauthn()
  const known = await passkeysAt(db, account.id, site.rp)
  return generateRegistrationOptions({
    rpName: siteName,
    rpID: site.rp,
    userName: account.username,
    userDisplayName: account.name,
    userID: new TextEncoder().encode(account.id),
    timeout: challengeMs,
    // The make of the authenticator is not asked for: no model is refused.
    attestationType: 'none',
    excludeCredentials: known.map(({ credential }) => ({ id: credential })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  })
}

/** Null: the browser's answer does not fit the challenge or the site. */
export async function verifiedRegistration(
  site: PasskeySite,
  challenge: string,
  answer: RegistrationResponseJSON,
): Promise<Omit<NewPasskey, 'name'> | null> {
  const { verifyRegistrationResponse } = await webauthn()
  try {
    const { registrationInfo } = await verifyRegistrationResponse({
      response: answer,
      expectedChallenge: challenge,
      expectedOrigin: site.origin,
      expectedRPID: site.rp,
      requireUserVerification: true,
    })
    if (registrationInfo === undefined) return null
    const { id, publicKey, transports = [] } = registrationInfo.credential
    return { credential: id, rp: site.rp, publicKey, transports: transports.slice(0, 8) }
  } catch {
    // The library throws for every answer that is not in order.
    return null
  }
}

/** Without a list of credentials: the authenticator offers the accounts it has, and no account can be probed for. */
export async function authenticationOptions(
  site: PasskeySite,
): Promise<PublicKeyCredentialRequestOptionsJSON> {
  const { generateAuthenticationOptions } = await webauthn()
  return generateAuthenticationOptions({ rpID: site.rp, timeout: challengeMs, userVerification: 'required' })
}

/** The passkey that signed this challenge; null: none. Each challenge is accepted once. */
export async function answeringPasskey(
  db: Database,
  site: PasskeySite,
  challenge: string,
  answer: AuthenticationResponseJSON,
): Promise<Passkey | null> {
  const passkey = await passkeyOf(db, answer.id, site.rp)
  if (passkey === null) return null
  const counter = await verifiedCounter(site, challenge, answer, passkey)
  if (counter === null || !(await spendChallenge(db, challenge))) return null
  // A counter that does not grow: the authenticator was cloned, or two answers race.
  return (await acceptStep(db, passkey.factor, counter)) ? passkey : null
}

async function verifiedCounter(
  site: PasskeySite,
  challenge: string,
  answer: AuthenticationResponseJSON,
  { credential, publicKey, counter }: Passkey,
): Promise<number | null> {
  const { verifyAuthenticationResponse } = await webauthn()
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: answer,
      expectedChallenge: challenge,
      expectedOrigin: site.origin,
      expectedRPID: site.rp,
      credential: { id: credential, publicKey: new Uint8Array(publicKey), counter },
      requireUserVerification: true,
    })
    return verified ? authenticationInfo.newCounter : null
  } catch {
    // The library throws for every answer that is not in order.
    return null
  }
}
