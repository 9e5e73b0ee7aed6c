/** The configuration of the line: read, checked and published by administrators, read by supervisors. */
import type { FastifyReply } from 'fastify'
import { Type } from 'typebox'
import { changesOf } from '../../core/configuration/changes.ts'
import { faultsOf } from '../../core/configuration/check.ts'
import { settingOf } from '../../core/configuration/outbound.ts'
import { menusNeverHeard } from '../../core/configuration/menus-never-heard.ts'
import { hoursNeverOpenAfter } from '../../core/configuration/never-open.ts'
import { tryCallOut } from '../../core/configuration/outbound-dry-run.ts'
import type { Configuration } from '../../core/configuration/schema.ts'
import { configurationWarnings } from '../../core/configuration/skills.ts'
import { dryRun, type DryRunStep as Step } from '../../core/configuration/dry-run.ts'
import { timeZone } from '../../core/local-time.ts'
import {
  configurationVersion,
  configurationVersions,
  newestConfiguration,
  publishConfiguration,
  type ConfigurationVersion as Version,
  type PublishedConfiguration as Published,
} from '../../ledger/configuration/versions.ts'
import { skilledAgents } from '../../people/skills/agent-skills.ts'
import type { App } from '../app.ts'
import type { RouteContext } from '../route-context.ts'
import { accountOf } from '../session/session.ts'
import { problemOf, refusals } from '../shell/documented.ts'
import { KeyedLimiter } from '../shell/keyed-limiter.ts'
import { iso, isoOrNull, millisOf } from '../shell/iso-time.ts'
import { Refused, WrongContent } from '../shell/problem.ts'
import { warningView } from '../skills/view.ts'
import {
  CheckedConfiguration,
  ConfigurationInForce,
  ConfigurationToCheck,
  ConfigurationVersion,
  ConfigurationVersions,
  DryRun,
  DryRunRequest,
  DryRunStep,
  FaultyConfiguration,
  TextSampleRequest,
  NewConfigurationVersion,
  OutboundDryRun,
  OutboundDryRunRequest,
  PublishedConfiguration,
  reasonMax,
  ConfigurationVersionParams,
  ConfigurationVersionsQuery,
} from './wire.ts'

const limitByDefault = 50
/** A document of all numbers, queues and hours that a large city has is below 100 KB. */
const bodyLimit = 1024 * 1024
const readers = { access: ['administrator', 'supervisor'] } as const
const administrator = { access: ['administrator'] } as const

export function configurationRoutes(app: App, context: RouteContext): void {
  const { db, dryRun: settings, now } = context.deps
  app.get(
    '/api/configuration',
    {
      config: { ...readers, scope: 'configuration:read' },
      schema: {
        operationId: 'configuration',
        tags: ['configuration'],
        summary: 'The version that is in force, and the settings of the server beside it',
        response: { 200: ConfigurationInForce, ...refusals(401, 403, 503) },
      },
    },
    async () => ({
      ...publishedView(await newestConfiguration(db)),
      serverOutbound: settingOf(settings.rules.callOut),
      serverAnswer: settings.rules.answer,
    }),
  )

  app.get(
    '/api/configuration/versions',
    {
      config: readers,
      schema: {
        operationId: 'configurationVersions',
        tags: ['configuration'],
        summary: 'The published versions, newest first',
        querystring: ConfigurationVersionsQuery,
        response: { 200: ConfigurationVersions, ...refusals(400, 401, 403, 503) },
      },
    },
    async ({ query: { limit = limitByDefault, before = null } }) => {
      const found = await configurationVersions(db, { before, limit: limit + 1 })
      const items = found.slice(0, limit).map(versionView)
      return { items, next: found.length > limit ? (items.at(-1)?.id ?? null) : null }
    },
  )

  app.get(
    '/api/configuration/versions/:id',
    {
      config: readers,
      schema: {
        operationId: 'configurationVersion',
        tags: ['configuration'],
        summary: 'One version, also one that is no longer in force',
        params: ConfigurationVersionParams,
        response: { 200: PublishedConfiguration, ...refusals(400, 401, 403, 404, 503) },
      },
    },
    async ({ params: { id } }) => {
      const version = await configurationVersion(db, id)
      if (version === undefined) throw new Refused('no-such-configuration')
      return publishedView(version)
    },
  )

  app.post(
    '/api/configuration/check',
    {
      config: administrator,
      bodyLimit,
      schema: {
        operationId: 'checkConfiguration',
        tags: ['configuration'],
        summary:
          'The faults and warnings of a document, and its difference from the version in force; nothing is saved',
        body: ConfigurationToCheck,
        response: { 200: CheckedConfiguration, ...refusals(400, 401, 403, 503) },
      },
    },
    async ({ body: { document } }) => {
      const { document: inForce } = await newestConfiguration(db)
      return {
        faults: [...faultsOf(document, settings.rules.callOut)],
        warnings: configurationWarnings(document.queues, await skilledAgents(db)).map(warningView),
        hoursNeverOpen: [
          ...hoursNeverOpenAfter(inForce.hours, document.hours, settings.closedOn(now()), now()),
        ],
        menusNeverHeard: [...menusNeverHeard(document, settings.rules.answer)],
        changes: [...changesOf(inForce, document)],
      }
    },
  )

  dryRunRoutes(app, context)
  sampleRoute(app, context)
  publicationRoute(app, context)
}

function dryRunRoutes(app: App, context: RouteContext): void {
  const { dryRun: settings } = context.deps
  app.post(
    '/api/configuration/dry-run',
    {
      config: readers,
      bodyLimit,
      schema: {
        operationId: 'dryRun',
        tags: ['configuration'],
        summary: 'What a caller meets at a number, at a time and with these keys; no call is made',
        body: DryRunRequest,
        response: {
          200: DryRun,
          422: problemOf('The document has faults.', FaultyConfiguration),
          ...refusals(400, 401, 403, 503),
        },
      },
    },
    async ({ body: { document, number, at, keys, isBlocked = false } }) => {
      const tried = await triedConfiguration(document, context)
      const steps = dryRun(tried, { number, at: millisOf(at), keys, isBlocked }, settings)
      return { steps: steps.map(stepView) }
    },
  )

  app.post(
    '/api/configuration/outbound-dry-run',
    {
      config: readers,
      bodyLimit,
      schema: {
        operationId: 'outboundDryRun',
        tags: ['configuration'],
        summary: 'Whether an agent or a supervisor may call a number, and how it is dialled; no call is made',
        body: OutboundDryRunRequest,
        response: {
          200: OutboundDryRun,
          422: problemOf('The document has faults.', FaultyConfiguration),
          ...refusals(400, 401, 403, 503),
        },
      },
    },
    async ({ body: { document, number, by, isReturning = false } }) =>
      tryCallOut(
        await triedConfiguration(document, context),
        { number, by, isReturning },
        settings.rules.callOut,
      ),
  )
}

/** A draft, or the version in force. */
async function triedConfiguration(
  draft: Configuration | undefined,
  { deps: { db, dryRun: settings } }: RouteContext,
): Promise<Configuration> {
  if (draft === undefined) return (await newestConfiguration(db)).document
  const faults = faultsOf(draft, settings.rules.callOut)
  if (faults.length === 0) return draft
  throw new Refused('configuration-faulty', null, [], faultyDraft, { faults: [...faults] })
}

/** Speech takes a processor for a moment, which calls need more. */
const samples = new KeyedLimiter({ atOnceMax: 1, waitingMax: 3 })
const wave = { 'audio/wav': { schema: Type.String({ format: 'binary' }) } }

function sampleRoute(app: App, { deps: { textSample, logger } }: RouteContext): void {
  app.post(
    '/api/configuration/sample',
    {
      // Supervisors write notices for callers.
      config: readers,
      schema: {
        operationId: 'textSample',
        tags: ['configuration'],
        summary: 'A text of a menu or of a notice as callers would hear it; nothing is saved',
        body: TextSampleRequest,
        response: {
          200: { description: 'WAVE, 8 kHz.', content: wave },
          ...refusals(400, 401, 403, 429, 503),
        },
      },
    },
    async ({ body: { text, language } }, reply) => {
      const sound = await samples.inTurn('', () =>
        textSample(text, language).catch((err: unknown) => {
          logger.warn({ err }, 'the sample of a text was not made')
          throw new Refused('no-text-sample')
        }),
      )
      if (sound === null) throw new Refused('too-many-attempts', 5)
      return sent(reply, sound)
    },
  )
}

const sent = (reply: FastifyReply, sound: Buffer): FastifyReply =>
  reply.headers({ 'content-type': 'audio/wav', 'cache-control': 'no-store' }).send(sound)

const faultyDraft = {
  ro: 'Configurația are greșeli: corectează-le întâi.',
  en: 'The configuration has faults: correct them first.',
}

function stepView(step: Step): DryRunStep {
  if (step.step === 'callback while closed') return { ...step, opensAt: iso(step.opensAt) }
  if (step.step === 'waited too long') return { ...step, at: iso(step.at) }
  if (step.step === 'closed' || step.step === 'voicemail')
    return { ...step, opensAt: isoOrNull(step.opensAt) }
  return step.step === 'open' ? { ...step, closesAt: isoOrNull(step.closesAt) } : step
}

function publicationRoute(app: App, { deps: { db, dryRun, logger } }: RouteContext): void {
  const server = dryRun.rules.callOut
  app.post(
    '/api/configuration/versions',
    {
      config: administrator,
      bodyLimit,
      schema: {
        operationId: 'publishConfiguration',
        tags: ['configuration'],
        summary: 'Publish a document as the new version, which is in force at once on every node',
        description:
          'May be repeated when no answer has come: the version in force is the answer if it has the same document, `basedOn`, reason and author.',
        body: NewConfigurationVersion,
        response: {
          201: ConfigurationVersion,
          422: problemOf('The document has faults.', FaultyConfiguration),
          ...refusals(400, 401, 403, 409, 503),
        },
      },
    },
    async (request, reply) => {
      const { document, basedOn } = request.body
      const reason = request.body.reason.trim()
      if (reason === '')
        throw new WrongContent([{ field: 'reason', accepted: `a text of 1–${reasonMax} characters` }])
      const by = accountOf(request).id
      const published = await publishConfiguration(db, { document, basedOn, reason, by, server })
      const newest = await newestConfiguration(db)
      if (!published.ok) {
        if (published.why === 'changed meanwhile') throw changedMeanwhile(newest)
        throw new Refused('configuration-faulty', null, [], null, { faults: published.faults })
      }
      logger.info({ by, version: published.id }, 'a configuration of the line was published')
      const version = newest.id === published.id ? newest : await configurationVersion(db, published.id)
      if (version === undefined) throw new Error('a published version is gone')
      return reply.code(201).send(versionView(version))
    },
  )
}

const versionView = ({ id, publishedAt, byName, reason }: Version) => ({
  id,
  publishedAt: isoOrNull(publishedAt),
  by: byName,
  reason,
})

const publishedView = (version: Published) => ({ ...versionView(version), document: version.document })

const whenRo = new Intl.DateTimeFormat('ro-RO', { dateStyle: 'long', timeStyle: 'short', timeZone })
const whenEn = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone })

function changedMeanwhile({ byName, publishedAt }: Version): Refused {
  // The version named by the publication does not exist, and nothing has been published yet.
  if (publishedAt === null) return new Refused('configuration-changed')
  const [ro, en] = [whenRo.format(publishedAt), whenEn.format(publishedAt)]
  return new Refused('configuration-changed', null, [], {
    ro: `${byName ?? 'Cineva din linia de comandă'} a publicat între timp altă versiune (${ro}). Nimic din ce ai scris nu s-a pierdut: compară și publică din nou.`,
    en: `${byName ?? 'Somebody at the command line'} has published another version meanwhile (${en}). Nothing that you wrote is lost: compare, and publish again.`,
  })
}
