/**
 * One's own second factors. They can be changed for some minutes after a sign-in only: a computer that was left unlocked
 * must not give somebody else a factor of their own.
 */
import { sealWith } from '../../people/sign-in/sealed.ts'
import {
  addPasskey,
  addTotp,
  endFactor,
  factorsMax,
  factorsOf,
  type Factor,
} from '../../people/sign-in/factors.ts'
import { passkeySite, registrationOptions, verifiedRegistration } from '../../people/sign-in/passkeys.ts'
import { newRecoveryCodes, recoveryCodesLeft } from '../../people/sign-in/recovery-codes.ts'
import { spendChallenge } from '../../people/sign-in/challenges.ts'
import { newTotpSecret, totpStep, totpUri, base32 } from '../../people/sign-in/totp.ts'
import type { SignInMethod } from '../../people/sign-in-method.ts'
import type { FastifyRequest } from 'fastify'
import type { AgentId } from '../../core/ids.ts'
import type { Database } from '../../ledger/database.ts'
import type { Account } from '../../people/accounts.ts'
import { digestOf, inOpenSession } from '../../people/sessions.ts'
import type { App } from '../app.ts'
import type { RouteContext } from '../route-context.ts'
import { accountOf } from '../session/session.ts'
import { done, refusals } from '../shell/documented.ts'
import { iso, isoOrNull } from '../shell/iso-time.ts'
import { Refused } from '../shell/problem.ts'
import { fresh, isFresh } from './freshness.ts'
import {
  AddedFactor,
  FactorParams,
  MyFactors,
  NewPasskey,
  NewTotp,
  NewTotpSecret,
  PasskeyOptions,
  RecoveryCodes,
  type FactorItem,
} from './wire.ts'

const site = 'Linia 969'
const config = { withoutSecondFactor: true } as const
const tags = ['me']

export function factorRoutes(app: App, context: RouteContext): void {
  const { db, now, settings } = context.deps
  const seal = sealWith(settings.factorKey)

  app.get(
    '/api/me/factors',
    {
      config,
      schema: {
        operationId: 'myFactors',
        tags,
        summary: 'My passkeys and authenticator apps',
        response: { 200: MyFactors, ...refusals(401, 503) },
      },
    },
    async (request) => {
      const account = accountOf(request)
      return {
        items: (await factorsOf(db, account.id)).map(factorView),
        recoveryCodesLeft: await recoveryCodesLeft(db, account.id),
        required: isRequired(context, account),
        tooOld: !isFresh(request, now()),
        passkeysAt: passkeySite(settings.signIn.origin)?.origin ?? null,
      }
    },
  )

  passkeyAdding(app, context)

  app.post(
    '/api/me/factors/totp/secret',
    {
      config,
      schema: {
        operationId: 'newTotpSecret',
        tags,
        summary: 'A secret for a new authenticator app; it counts once a code proves it',
        response: { 200: NewTotpSecret, ...refusals(401, 403, 409, 503) },
      },
    },
    async (request) => {
      const account = await mayAdd(context, request)
      const secret = newTotpSecret()
      request.flow.set('totp', { secret: secret.toString('base64'), account: account.id })
      return { secret: base32(secret), uri: totpUri(secret, account.username, site) }
    },
  )

  app.post(
    '/api/me/factors/totp',
    {
      config,
      schema: {
        operationId: 'addTotp',
        tags,
        summary: 'Add the authenticator app, proved by its present code',
        body: NewTotp,
        response: { 201: AddedFactor, ...refusals(400, 401, 403, 409, 503) },
      },
    },
    async (request, reply) => {
      const account = await mayAdd(context, request)
      const { name, code } = request.body
      const open = request.flow.get('totp')
      if (open?.account !== account.id) throw new Refused('challenge-gone')
      const secret = Buffer.from(open.secret, 'base64')
      const step = totpStep(secret, code.replaceAll(' ', ''), now())
      if (step === null) throw new Refused('wrong-new-code')
      if (!(await spendChallenge(db, open.secret))) throw new Refused('challenge-gone')
      const codes = await inSession(context, request, async (trx) => {
        await addTotp(trx, seal, account.id, { name: name.trim(), secret, step })
        return codesWithFactor(trx, account.id)
      })
      request.flow.set('totp', undefined)
      await added(context, request, 'totp')
      return reply.code(201).send(codes)
    },
  )

  app.post(
    '/api/me/recovery-codes',
    {
      config,
      schema: {
        operationId: 'newRecoveryCodes',
        tags,
        summary: 'Ten new recovery codes; earlier ones become void',
        response: { 201: RecoveryCodes, ...refusals(401, 403, 409, 503) },
      },
    },
    async (request, reply) => {
      const account = fresh(context, request)
      const codes = await inSession(context, request, async (trx) => {
        if ((await factorsOf(trx, account.id)).length === 0) throw new Refused('no-such-factor')
        return newRecoveryCodes(trx, account.id)
      })
      return reply.code(201).send({ codes: [...codes] })
    },
  )

  app.delete(
    '/api/me/factors/:id',
    {
      config,
      schema: {
        operationId: 'removeFactor',
        tags,
        summary: 'Remove one of my factors; my other sessions end',
        params: FactorParams,
        response: { 204: done, ...refusals(400, 401, 403, 404, 409, 503) },
      },
    },
    async (request, reply) => {
      const account = fresh(context, request)
      const ended = await inSession(context, request, async (trx) => {
        const factors = await factorsOf(trx, account.id)
        if (factors.length === 1 && isRequired(context, account)) throw new Refused('last-factor')
        return endFactor(trx, account.id, request.params.id, account.id)
      })
      if (ended === 'unknown factor') throw new Refused('no-such-factor')
      // A thief may have signed in with it.
      if (request.signedIn !== null) await context.sessions.endOthers(request.signedIn)
      context.deps.logger.info({ account: account.id, factor: request.params.id }, 'a factor was removed')
      return reply.code(204).send(null)
    },
  )
}

function passkeyAdding(app: App, context: RouteContext): void {
  const { db, settings } = context.deps
  const passkeys = passkeySite(settings.signIn.origin)

  app.post(
    '/api/me/factors/passkey/options',
    {
      config,
      schema: {
        operationId: 'newPasskeyOptions',
        tags,
        summary: 'A challenge for a new passkey: the options for the browser’s WebAuthn',
        response: { 200: PasskeyOptions, ...refusals(401, 403, 409, 503) },
      },
    },
    async (request) => {
      const account = await mayAdd(context, request)
      if (passkeys === null) throw new Refused('no-passkeys-here')
      const options = await registrationOptions(db, passkeys, account)
      request.flow.set('passkey', { challenge: options.challenge, about: 'enrolment' })
      return options
    },
  )

  app.post(
    '/api/me/factors/passkey',
    {
      config,
      schema: {
        operationId: 'addPasskey',
        tags,
        summary: 'Add a passkey',
        body: NewPasskey,
        response: { 201: AddedFactor, ...refusals(400, 401, 403, 409, 503) },
      },
    },
    async (request, reply) => {
      const account = await mayAdd(context, request)
      if (passkeys === null) throw new Refused('no-passkeys-here')
      const open = request.flow.get('passkey')
      request.flow.set('passkey', undefined)
      if (open?.about !== 'enrolment') throw new Refused('challenge-gone')
      const { name, answer } = request.body
      const passkey = await verifiedRegistration(passkeys, open.challenge, answer)
      if (passkey === null) throw new Refused('passkey-not-added')
      if (!(await spendChallenge(db, open.challenge))) throw new Refused('challenge-gone')
      const codes = await inSession(context, request, async (trx) => {
        const isNew = await addPasskey(trx, account.id, { name: name.trim(), ...passkey })
        if (!isNew) throw new Refused('passkey-known')
        return codesWithFactor(trx, account.id)
      })
      await added(context, request, 'passkey')
      return reply.code(201).send(codes)
    },
  )
}

/**
 * After a factor was proved: the session that had none becomes one of this method, under a new token, and the account's
 * other sessions end.
 */
async function added(
  { deps: { logger }, sessions, hub }: RouteContext,
  request: FastifyRequest,
  method: SignInMethod,
): Promise<void> {
  const { signedIn } = request
  if (signedIn === null) throw new Refused('no-session')
  const { account, session } = signedIn
  logger.info({ account: account.id, kind: method }, 'a factor was added')
  await sessions.endOthers(signedIn)
  if (session.method === null || session.method === 'password') {
    await sessions.open(request, { account: account.id, method, replaces: signedIn.token })
    await sessions.revoke(signedIn.token)
    hub.endSession((one) => one === signedIn.token)
  }
}

/** The first factor comes with recovery codes; those of factors that were removed are void from now on. */
async function codesWithFactor(trx: Database, account: AgentId): Promise<AddedFactor> {
  const { length: factors } = await factorsOf(trx, account)
  // Asked again with the account locked: several may have been added at once.
  if (factors > factorsMax) throw new Refused('too-many-factors')
  const isFirst = factors === 1
  const hasCodes = !isFirst && (await recoveryCodesLeft(trx, account)) > 0
  return { recoveryCodes: hasCodes ? null : [...(await newRecoveryCodes(trx, account))] }
}

/**
 * How one signs in is changed by a session that is still open.
 * @throws {Refused} when it has ended, as by a reset.
 */
async function inSession<T>(
  { deps: { db } }: RouteContext,
  { signedIn }: FastifyRequest,
  work: (trx: Database) => Promise<T>,
): Promise<T> {
  if (signedIn === null) throw new Refused('no-session')
  const { account, token } = signedIn
  const done = await inOpenSession(db, { account: account.id, session: digestOf(token) }, work)
  if (done === 'session over') throw new Refused('no-session')
  return done
}

/** @throws {Refused} */
async function mayAdd(context: RouteContext, request: FastifyRequest): Promise<Account> {
  const account = fresh(context, request)
  if ((await factorsOf(context.deps.db, account.id)).length >= factorsMax)
    throw new Refused('too-many-factors')
  return account
}

function isRequired({ deps }: RouteContext, { roles }: Account): boolean {
  return roles.some((role) => deps.settings.signIn.secondFactor.includes(role))
}

function factorView({ addedAt, usedAt, ...factor }: Factor): FactorItem {
  return { ...factor, addedAt: iso(addedAt), usedAt: isoOrNull(usedAt) }
}
