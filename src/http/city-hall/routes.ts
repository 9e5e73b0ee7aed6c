/** Name and arms of the city hall (CITY_NAME, CITY_ARMS). */
import { createHash } from 'node:crypto'
import type { FastifyReply } from 'fastify'
import { Type } from 'typebox'
import type { Arms } from '../../config.ts'
import type { App } from '../app.ts'
import type { RouteContext } from '../route-context.ts'
import { refusals } from '../shell/documented.ts'
import { Refused } from '../shell/problem.ts'
import { ArmsQuery, CityHallFace } from './wire.ts'

/** The picture is no page: opened by itself it runs nothing and loads nothing. */
const pictureCsp = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"
const picture = { schema: Type.String({ format: 'binary' }) }

export function cityHallRoutes(app: App, { deps }: RouteContext): void {
  const { name, arms } = deps.settings.cityHall
  const bytes = Buffer.from(arms?.base64 ?? '', 'base64')
  const version = createHash('sha256').update(bytes).digest('hex').slice(0, 16)

  app.get(
    '/api/city-hall',
    {
      config: { access: 'open' },
      schema: {
        operationId: 'cityHall',
        tags: ['session'],
        summary: 'The name of the city hall, and where its arms are',
        response: { 200: CityHallFace },
      },
    },
    async (_request, reply) => {
      reply.header('cache-control', 'no-cache')
      return { name, arms: arms === null ? null : `/api/city-hall/arms?version=${version}` }
    },
  )

  app.get(
    '/api/city-hall/arms',
    {
      config: { access: 'open' },
      schema: {
        operationId: 'cityArms',
        tags: ['session'],
        summary: 'The arms of the city, as SVG or PNG',
        querystring: ArmsQuery,
        response: {
          200: {
            description: 'The picture.',
            content: { 'image/svg+xml': picture, 'image/png': picture },
          },
          ...refusals(400, 404),
        },
      },
    },
    async (_request, reply) => {
      if (arms === null) throw new Refused('not-found')
      return sent(reply, arms.type, bytes)
    },
  )
}

function sent(reply: FastifyReply, type: Arms['type'], bytes: Buffer): FastifyReply {
  return reply
    .headers({
      'content-type': type,
      'content-security-policy': pictureCsp,
      'cache-control': 'public, max-age=86400',
    })
    .send(bytes)
}
