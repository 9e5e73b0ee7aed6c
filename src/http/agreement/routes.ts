/** The confidentiality agreement: read and signed by each user, published by administrators. */
import { agreementFor, exampleSignatory, textFault, type TextFault } from '../../city/agreement/text.ts'
import {
  agreementVersions,
  publishAgreement,
  signatureCounts,
  type AgreementVersion,
} from '../../ledger/agreement/agreements.ts'
import { shownAgreement, signAgreement } from '../../people/agreement.ts'
import type { RouteContext } from '../route-context.ts'
import type { App } from '../app.ts'
import { refusals } from '../shell/documented.ts'
import { iso, isoOrNull } from '../shell/iso-time.ts'
import { Refused } from '../shell/problem.ts'
import { accountOf } from '../session/session.ts'
import {
  AgreementHistory,
  AgreementPreview,
  MyAgreement,
  PreviewAgreement,
  PublishAgreement,
  SignAgreement,
} from './wire.ts'

const versionsMax = 50
const faults = {
  'without name': 'agreement-without-name',
  'without employer': 'agreement-without-employer',
  'unknown placeholder': 'agreement-unknown-placeholder',
} as const satisfies Record<TextFault, string>

export function agreementRoutes(app: App, context: RouteContext): void {
  signingRoutes(app, context)
  publishingRoutes(app, context)
}

function signingRoutes(app: App, { deps: { db, logger }, hub }: RouteContext): void {
  const mine = async (account: ReturnType<typeof accountOf>): Promise<MyAgreement> => {
    const shown = await shownAgreement(db, account.id)
    if (shown === null) throw new Refused('no-such-account')
    return { ...shown, signedAt: isoOrNull(shown.signedAt) }
  }

  app.get(
    '/api/me/agreement',
    {
      schema: {
        operationId: 'myAgreement',
        tags: ['agreement'],
        summary: 'The confidentiality agreement that I have to sign, or have signed',
        response: { 200: MyAgreement, ...refusals(401, 404, 503) },
      },
    },
    async (request) => mine(accountOf(request)),
  )

  app.post(
    '/api/me/agreement',
    {
      schema: {
        operationId: 'signAgreement',
        tags: ['agreement'],
        summary: 'Sign the agreement with my own name',
        body: SignAgreement,
        response: { 200: MyAgreement, ...refusals(400, 401, 404, 409, 503) },
      },
    },
    async (request) => {
      const account = accountOf(request)
      const signed = await signAgreement(db, account.id, request.body)
      if (signed === 'changed') throw new Refused('agreement-changed')
      if (signed === 'name differs') throw new Refused('name-differs')
      const view = await mine(account)
      logger.info({ account: account.id, version: view.version }, 'the agreement was signed')
      // Its page reconnects, and has the caller's earlier calls from now on.
      hub.endSession((token) => token === request.signedIn?.token)
      return view
    },
  )
}

function publishingRoutes(app: App, { deps: { db, logger }, hub }: RouteContext): void {
  const history = async (): Promise<AgreementHistory> => {
    const items = await agreementVersions(db, versionsMax)
    return { items: items.map(versionView), ...(await signatureCounts(db)) }
  }

  app.get(
    '/api/agreement',
    {
      config: { access: ['administrator'] },
      schema: {
        operationId: 'agreement',
        tags: ['agreement'],
        summary: 'The versions of the agreement, and how many have signed the newest',
        response: { 200: AgreementHistory, ...refusals(401, 403, 503) },
      },
    },
    history,
  )

  app.post(
    '/api/agreement/preview',
    {
      config: { access: ['administrator'] },
      schema: {
        operationId: 'previewAgreement',
        tags: ['agreement'],
        summary: 'A text as its signatories would see it, and how many would sign again',
        body: PreviewAgreement,
        response: { 200: AgreementPreview, ...refusals(400, 401, 403, 503) },
      },
    },
    async (request) => {
      const { text } = request.body
      assertSignable(text)
      const { signed, missing } = await signatureCounts(db)
      return {
        text: agreementFor(text.trim(), exampleSignatory),
        ...exampleSignatory,
        signAgain: signed,
        signFirst: missing,
      }
    },
  )

  app.post(
    '/api/agreement',
    {
      config: { access: ['administrator'] },
      schema: {
        operationId: 'publishAgreement',
        tags: ['agreement'],
        summary: 'Publish a new version, which all users have to sign',
        body: PublishAgreement,
        response: { 200: AgreementHistory, ...refusals(400, 401, 403, 409, 503) },
      },
    },
    async (request) => {
      const { after, text } = request.body
      assertSignable(text)
      const { id } = accountOf(request)
      const published = await publishAgreement(db, { after, text: text.trim(), by: id })
      if (published === 'changed') throw new Refused('agreement-changed')
      logger.info({ by: id, version: after + 1 }, 'a new version of the agreement was published')
      // Nobody has signed it yet; other nodes look within seconds.
      await hub.endOldSessions()
      return history()
    },
  )
}

function assertSignable(text: string): void {
  const fault = textFault(text)
  if (fault !== null) throw new Refused(faults[fault])
}

function versionView(version: AgreementVersion): AgreementHistory['items'][number] {
  return { ...version, publishedAt: iso(version.publishedAt) }
}
