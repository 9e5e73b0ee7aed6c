/** The prompts, texts and music of the line: listened to, prepared from a recording, and published by administrators. */
import type { FastifyReply } from 'fastify'
import { Type } from 'typebox'
import { loudnessLufs } from '../../core/prompts/loudness.ts'
import {
  checkPrepared,
  promptSecondsMax,
  soundBoundsOf,
  voiceBounds,
} from '../../core/prompts/prompt-sound.ts'
import { isMusic, languageOf, type PromptName } from '../../core/prompts/recordable.ts'
import { parseWave, secondsOf } from '../../core/prompts/wave.ts'
import {
  newestPrompts,
  promptSound,
  promptVersions,
  publishPrompt,
  type PromptVersion as Version,
} from '../../ledger/prompts/versions.ts'
import type { App } from '../app.ts'
import type { RouteContext } from '../route-context.ts'
import { accountOf } from '../session/session.ts'
import { problemOf, refusals } from '../shell/documented.ts'
import { iso } from '../shell/iso-time.ts'
import { KeyedLimiter } from '../shell/keyed-limiter.ts'
import { Refused } from '../shell/problem.ts'
import { Problem } from '../wire.ts'
import { dictationRoutes } from './dictation-routes.ts'
import { refusalOf } from './fault-codes.ts'
import { promptsInUse, type PromptInUse } from './in-use.ts'
import {
  NewPromptVersion,
  PromptParams,
  PromptRecording,
  Prompts,
  PromptVersion,
  PromptVersionParams,
  PromptVersions,
  promptBodyMax,
  promptVersionsMax,
  type PromptItem,
} from './wire.ts'

const config = { access: ['administrator'] } as const
const tags = ['configuration']
const wave = {
  200: {
    description: 'WAVE, 8 kHz, as callers hear it.',
    content: { 'audio/wav': { schema: Type.String({ format: 'binary' }) } },
  },
}
const unusable = { 422: problemOf('The recording cannot be used.', Problem) }

/** sox and speech take a processor for a moment, which calls need more. */
const soundWork = new KeyedLimiter({ atOnceMax: 1, waitingMax: 3 })

export function promptRoutes(app: App, context: RouteContext): void {
  readingRoutes(app, context)
  dictationRoutes(app, context)
  preparationRoute(app, context)
  publicationRoute(app, context)
}

function readingRoutes(app: App, { deps: { db, prompts, textSample, logger } }: RouteContext): void {
  app.get(
    '/api/prompts',
    {
      config,
      schema: {
        operationId: 'prompts',
        tags,
        summary:
          'The prompts and texts that a person may speak, and the waiting music, each with its words and the sound that callers hear',
        response: { 200: Prompts, ...refusals(401, 403, 503) },
      },
    },
    async () => {
      const newest = new Map((await newestPrompts(db)).map((version) => [version.prompt, version]))
      const items: PromptItem[] = []
      // One after the other: each made sound is read, and there may be many.
      for (const one of withRecorded(await promptsInUse(db, prompts.texts), [...newest.values()])) {
        const version = newest.get(one.prompt)
        items.push({
          ...one,
          heardIn: one.heardIn.map((heard) => ({ ...heard })),
          ...(version?.sound ? recordedView(version.sound) : await madeView(one.prompt)),
          version: version?.id ?? null,
          at: version === undefined ? null : iso(version.publishedAt),
          by: version?.byName ?? null,
        })
      }
      return { items }
    },
  )

  async function madeView(
    prompt: PromptName,
  ): Promise<Pick<PromptItem, 'source' | 'seconds' | 'loudnessLufs'>> {
    const made = await prompts.made(prompt)
    const known = made === null ? null : parseWave(made.sound)
    if (made === null || known === null) return { source: 'machine', seconds: null, loudnessLufs: null }
    const seconds = secondsOf(known)
    // The studio's music may have any length, and the server, which has calls to serve, waits while it is measured.
    const loudness = seconds > promptSecondsMax ? null : rounded(loudnessLufs(known))
    return { source: made.source, seconds: rounded(seconds), loudnessLufs: loudness }
  }

  app.get(
    '/api/prompts/:prompt/sound',
    {
      config,
      schema: {
        operationId: 'promptSound',
        tags,
        summary: 'A prompt or a text as callers hear it now',
        params: PromptParams,
        response: { ...wave, ...refusals(400, 401, 403, 404, 429, 503) },
      },
    },
    async ({ params: { prompt } }, reply) => {
      const [newest] = await promptVersions(db, { prompt, before: null, limit: 1 })
      const recorded = newest?.sound ? await promptSound(db, prompt, newest.id) : null
      return sent(reply, recorded ?? (await prompts.made(prompt))?.sound ?? (await readOut(prompt)))
    },
  )

  /** A text's sound is made by the owner of its Asterisk, which another node may not share. */
  async function readOut(prompt: PromptName): Promise<Uint8Array | null> {
    if (isMusic(prompt)) return null
    const texts = (await promptsInUse(db, prompts.texts)).filter(({ heardIn }) => heardIn.length > 0)
    const found = texts.find((one) => one.prompt === prompt)
    if (found === undefined) return null
    const made = await soundWork.inTurn('', () =>
      textSample(found.text, found.language).catch((err: unknown) => {
        logger.warn({ err, prompt }, 'the sound of a text was not made')
        throw new Refused('no-text-sample')
      }),
    )
    if (made === null) throw new Refused('too-many-attempts', 5)
    return made
  }

  app.get(
    '/api/prompts/:prompt/versions',
    {
      config,
      schema: {
        operationId: 'promptVersions',
        tags,
        summary: 'The latest published versions of a prompt or a text, newest first',
        params: PromptParams,
        response: { 200: PromptVersions, ...refusals(400, 401, 403, 503) },
      },
    },
    async ({ params: { prompt } }) => {
      const found = await promptVersions(db, { prompt, before: null, limit: promptVersionsMax })
      return { items: found.map(versionView) }
    },
  )

  app.get(
    '/api/prompts/:prompt/versions/:id/sound',
    {
      config,
      schema: {
        operationId: 'promptVersionSound',
        tags,
        summary: 'The recording of one version, also of one that is no longer heard',
        params: PromptVersionParams,
        response: { ...wave, ...refusals(400, 401, 403, 404, 503) },
      },
    },
    async ({ params: { prompt, id } }, reply) => sent(reply, await promptSound(db, prompt, id)),
  )
}

function preparationRoute(app: App, { deps: { prompts, logger } }: RouteContext): void {
  app.post(
    '/api/prompts/preparation',
    {
      config,
      bodyLimit: promptBodyMax,
      schema: {
        operationId: 'preparePrompt',
        tags,
        summary:
          'A recording, or a piece of music, as callers would hear it: trimmed, at one loudness, 8 kHz; nothing is saved',
        body: PromptRecording,
        response: { ...wave, ...unusable, ...refusals(400, 401, 403, 413, 429, 503) },
      },
    },
    async ({ body: { prompt, recording } }, reply) => {
      const bounds = prompt === undefined ? voiceBounds : soundBoundsOf(prompt)
      const prepared = await soundWork.inTurn('', () =>
        prompts.prepare(Buffer.from(recording, 'base64'), bounds).catch((err: unknown) => {
          logger.warn({ err }, 'a recording of a prompt was not prepared')
          throw new Refused('no-prompt-preparation')
        }),
      )
      if (prepared === null) throw new Refused('too-many-attempts', 5)
      if (!prepared.ok) throw refusalOf(prepared.fault, prompt)
      return sent(reply, prepared.sound)
    },
  )
}

/** Recordings of texts in no use come last: they are heard again with their text. */
function withRecorded(inUse: readonly PromptInUse[], newest: readonly Version[]): readonly PromptInUse[] {
  const known = new Set(inUse.map(({ prompt }) => prompt))
  const others = newest.filter(({ prompt, sound }) => sound !== null && !known.has(prompt))
  return [
    ...inUse,
    ...others.map(({ prompt }) => ({
      prompt,
      text: '',
      language: languageOf(prompt),
      heardIn: [],
      secondsMax: 0,
    })),
  ]
}

function publicationRoute(app: App, { deps: { db, logger, prompts } }: RouteContext): void {
  app.post(
    '/api/prompts/:prompt/versions',
    {
      config,
      bodyLimit: promptBodyMax,
      schema: {
        operationId: 'publishPrompt',
        tags,
        summary: 'Publish a prepared recording, or the made sound again; the next caller hears it',
        params: PromptParams,
        body: NewPromptVersion,
        response: { 201: PromptVersion, ...unusable, ...refusals(400, 401, 403, 409, 413, 503) },
      },
    },
    async (request, reply) => {
      const { prompt } = request.params
      const { basedOn } = request.body
      const by = accountOf(request).id
      const inUse = (await promptsInUse(db, prompts.texts)).find((one) => one.prompt === prompt)
      // A person’s voice can always be taken back.
      const sound = request.body.sound === null ? null : preparedIn(request.body.sound, inUse)
      if (sound === null) {
        const [newest] = await promptVersions(db, { prompt, before: null, limit: 1 })
        if (!newest?.sound) throw new Refused(isMusic(prompt) ? 'music-is-made' : 'prompt-is-made')
      }
      const reason = request.body.reason.trim()
      const published = await publishPrompt(db, { prompt, basedOn, sound, reason, by })
      if (!published.ok) throw new Refused('prompt-changed')
      logger.info({ by, prompt, version: published.id }, 'a sound of a prompt was published')
      const [version] = await promptVersions(db, { prompt, before: published.id + 1, limit: 1 })
      if (version === undefined) throw new Error('a published version is gone')
      return reply.code(201).send(versionView(version))
    },
  )
}

function preparedIn(base64: string, inUse: PromptInUse | undefined) {
  if (inUse === undefined) throw new Refused('prompt-not-in-use')
  const { prompt, secondsMax: most } = inUse
  const bytes = Buffer.from(base64, 'base64')
  const checked = checkPrepared(bytes, soundBoundsOf(prompt))
  if (!checked.ok) throw refusalOf(checked.fault, prompt)
  if (checked.lengthMs > most * 1_000)
    throw new Refused('prompt-too-long', null, [], {
      ro: `Înregistrarea acestui mesaj are voie să dureze cel mult ${most} s.`,
      en: `A recording of this prompt may last ${most} s at most.`,
    })
  const { lengthMs, levelDb, loudnessLufs: loudness } = checked
  return { wave: bytes, lengthMs, levelDb, loudnessLufs: loudness }
}

function sent(reply: FastifyReply, sound: Uint8Array | null): FastifyReply {
  if (sound === null) throw new Refused('no-prompt-sound')
  return reply.headers({ 'content-type': 'audio/wav', 'cache-control': 'no-store' }).send(Buffer.from(sound))
}

const rounded = (value: number): number => Math.round(value * 10) / 10

const recordedView = ({ lengthMs, loudnessLufs: loudness }: NonNullable<Version['sound']>) =>
  ({
    source: 'recorded',
    seconds: rounded(lengthMs / 1_000),
    loudnessLufs: loudness === null ? null : rounded(loudness),
  }) as const

const versionView = ({ id, sound, publishedAt, byName, reason }: Version): PromptVersion => ({
  id,
  ...(sound === null
    ? { source: 'machine' as const, seconds: null, loudnessLufs: null }
    : recordedView(sound)),
  publishedAt: iso(publishedAt),
  by: byName,
  reason,
})
