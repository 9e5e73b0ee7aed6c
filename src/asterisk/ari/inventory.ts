/** Lists what exists in Asterisk, and subscribes to its events again after a reconnect. */
import type { AriClient } from 'ari-client'
import {
  BridgeId,
  callerLegOf,
  type CallId,
  ChannelId,
  isEar,
  offerOfBridge,
  offerOfLeg,
  type Millis,
  type PbxName,
} from '../../core/ids.ts'
import type { Inventory } from '../../acd/ports.ts'
import { arrivedCall, factNames, factsOf, isUp, type Arrived } from './decode.ts'
import { fieldsIn, isRecord, listIn, textIn, type Fields } from '../ami/fields.ts'
import { AriRefusal } from './ari-transport.ts'
import { secondLineArg, speaksNow, speaksVariable } from '../config/dialplan-words.ts'
import { phoneOfChannel } from '../config/phones-file.ts'

interface InventoryFacts {
  readonly now: Millis
  readonly isKnown: (call: CallId) => boolean
  readonly channels: (client: AriClient) => Promise<readonly Fields[]>
}

export async function readInventory(
  client: AriClient,
  application: string,
  pbx: PbxName,
  { now, isKnown, channels: listed }: InventoryFacts,
): Promise<Omit<Inventory, 'phones'>> {
  const [info, app, channels, bridges] = await Promise.all([
    client.asterisk.getInfo({ only: 'status,config' }),
    client.applications.get({ applicationName: application }),
    listed(client),
    client.bridges.list({}).then(records),
  ])
  const ours = channels.filter((channel) => isOurs(channel, application))
  const ourBridges = bridges.filter((bridge) => offerOfBridge(textIn(bridge, 'id')) !== null)
  await subscribeMissing(client, application, isRecord(app) ? app : {}, ourBridges)
  const legs = ours.filter(isLeg)
  const callers = ours.filter((channel) => !isLeg(channel) && !isEar(textIn(channel, 'id')))
  const arrivals = await Promise.all(
    callers.map(async (channel) => arrivedCall(channel, await factsOfListed(client, channel), pbx, now)),
  )
  const arrived = arrivals.filter((one): one is Arrived => one !== null)
  return {
    callers: await Promise.all(arrived.map(async (one) => (isKnown(one.call) ? one : speaking(client, one)))),
    legs: legs.map((channel) => ({
      channel: ChannelId(textIn(channel, 'id')),
      up: isUp(channel),
      ...(phoneOfChannel(textIn(channel, 'name')) ?? { username: null, device: null }),
    })),
    ears: channels.map((channel) => ChannelId(textIn(channel, 'id'))).filter(isEar),
    bridges: ourBridges.map((bridge) => ({
      bridge: BridgeId(textIn(bridge, 'id')),
      channels: listIn(bridge, 'channels').filter(isText).map(ChannelId),
    })),
    channels: channels.map((channel) => ChannelId(textIn(channel, 'id'))),
    ...startOf(info),
    ...nameOf(info),
  }
}

/** A question for each, which is worth its time only where no state says more. */
async function speaking(client: AriClient, arrived: Arrived): Promise<Arrived> {
  const question = { channelId: callerLegOf(arrived.call), variable: speaksVariable }
  const value = await client.channels.getChannelVar(question).catch(noneIfGone)
  return isRecord(value) && textIn(value, 'value') === speaksNow ? { ...arrived, speaks: true } : arrived
}

/** Asterisk's `systemname`, if it has one. */
function nameOf(info: unknown): { readonly named?: string } {
  const named = isRecord(info) ? textIn(fieldsIn(info, 'config'), 'name') : ''
  return named === '' ? {} : { named }
}

/** The start of this Asterisk, if it reports one. */
function startOf(info: unknown): { readonly startedAt?: Millis } {
  const at = isRecord(info) ? Date.parse(textIn(fieldsIn(info, 'status'), 'startup_time')) : Number.NaN
  return Number.isNaN(at) ? {} : { startedAt: at }
}

/** After a reconnect Asterisk sends no events of earlier bridges. */
async function subscribeMissing(
  client: AriClient,
  application: string,
  app: Fields,
  bridges: readonly Fields[],
): Promise<void> {
  const subscribed = new Set(listIn(app, 'bridge_ids'))
  const wanted = bridges.map((bridge) => textIn(bridge, 'id')).filter((id) => !subscribed.has(id))
  const results = await Promise.allSettled(
    wanted.map((id) =>
      client.applications.subscribe({ applicationName: application, eventSource: `bridge:${id}` }),
    ),
  )
  for (const result of results)
    if (result.status === 'rejected' && !isGone(result.reason)) throw result.reason
}

const isLeg = (channel: Fields): boolean =>
  offerOfLeg(textIn(channel, 'id')) !== null || stasisArgs(channel)?.[1] === secondLineArg

/** A channel that our dialplan handed over, or a leg that we originated. */
function isOurs(channel: Fields, application: string): boolean {
  if (offerOfLeg(textIn(channel, 'id')) !== null) return true
  const [name] = stasisArgs(channel) ?? []
  return name === application
}

/** The arguments with which the dialplan called `Stasis`, the application first; null when it is not in `Stasis`. */
function stasisArgs(channel: Fields): readonly string[] | null {
  const dialplan = fieldsIn(channel, 'dialplan')
  return textIn(dialplan, 'app_name') === 'Stasis' ? textIn(dialplan, 'app_data').split(',') : null
}

/** Asks for the variables of a caller whom the dialplan of an earlier release handed over without these arguments. */
async function factsOfListed(client: AriClient, channel: Fields): Promise<Fields> {
  const facts = factsOf(channel, stasisArgs(channel)?.slice(1) ?? [])
  if (Object.keys(facts).length > 0) return facts
  const channelId = textIn(channel, 'id')
  const values = await Promise.all(
    factNames.map((variable) => client.channels.getChannelVar({ channelId, variable }).catch(noneIfGone)),
  )
  return Object.fromEntries(
    factNames.map((name, index) => {
      const value = values[index]
      return [name, isRecord(value) ? value['value'] : '']
    }),
  )
}

/** The channel has ended, or has no such variable. */
function noneIfGone(error: unknown): null {
  if (isGone(error)) return null
  throw error
}

const records = (value: unknown): readonly Fields[] => (Array.isArray(value) ? value.filter(isRecord) : [])
const isText = (value: unknown): value is string => typeof value === 'string'
/** It ended after the listing. */
const isGone = (error: unknown): boolean =>
  error instanceof AriRefusal && [404, 409, 422].includes(error.status)
