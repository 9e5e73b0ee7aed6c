/** The fallback queue in Asterisk, which serves callers while the application cannot. */
import type { Device } from '../../core/offer.ts'
import { AmiRefusal, type AmiConnection } from '../ami/ami-connection.ts'
import { textIn } from '../ami/fields.ts'
import { canHavePhone, endpointOf } from '../config/phones-file.ts'

const queue = 'linia-fallback'

export interface FallbackMember {
  readonly username: string
  readonly device: Device
}

/** Sets the members of the queue: these phones and no others. */
export async function setMembers(ami: AmiConnection, members: readonly FallbackMember[]): Promise<void> {
  const wanted = new Map(
    members
      .filter(({ username }) => canHavePhone(username))
      .map(({ username, device }) => [`PJSIP/${endpointOf(username, device)}`, username]),
  )
  const present = new Set(await interfacesOf(ami))
  const removals = [...present].filter((name) => !wanted.has(name)).map((name) => remove(ami, name))
  const additions = [...wanted]
    .filter(([name]) => !present.has(name))
    .map(([name, user]) => add(ami, name, user))
  await Promise.all([...removals, ...additions])
}

/**
 * Returns the waiting callers to the application, after removing the members, so that no phone rings for both.
 * Without waiting callers the members stay: removing them would be hundreds of useless actions during a takeover.
 */
export async function takeOver(ami: AmiConnection): Promise<number> {
  if ((await waitingIn(ami)).length === 0) return 0
  await setMembers(ami, [])
  return retakeWaiting(ami)
}

/** Returns the waiting callers to the application and leaves the members. */
export async function retakeWaiting(ami: AmiConnection): Promise<number> {
  let taken = 0
  for (const channel of await waitingIn(ami)) if (await retake(ami, channel)) taken += 1
  return taken
}

/** In the order of the queue. */
async function waitingIn(ami: AmiConnection): Promise<readonly string[]> {
  const status = await ami.list({ action: 'QueueStatus', queue })
  return status
    .filter((item) => textIn(item, 'event') === 'QueueEntry')
    .sort((a, b) => Number(textIn(a, 'position')) - Number(textIn(b, 'position')))
    .map((item) => textIn(item, 'channel'))
}

/** Returns one caller to the application; false when the channel is gone. */
export async function retake(ami: AmiConnection, channel: string): Promise<boolean> {
  try {
    await ami.action({ action: 'Redirect', channel, context: 'linia-retake', exten: 's', priority: '1' })
    return true
  } catch (error) {
    if (error instanceof AmiRefusal) return false
    throw error
  }
}

async function interfacesOf(ami: AmiConnection): Promise<readonly string[]> {
  const status = await ami.list({ action: 'QueueStatus', queue })
  return status
    .filter((item) => textIn(item, 'event') === 'QueueMember')
    .map((item) => textIn(item, 'location') || textIn(item, 'stateinterface'))
}

const add = (ami: AmiConnection, name: string, username: string) =>
  tolerated(
    ami.action({ action: 'QueueAdd', queue, interface: name, membername: username, stateinterface: name }),
  )
const remove = (ami: AmiConnection, name: string) =>
  tolerated(ami.action({ action: 'QueueRemove', queue, interface: name }))

/** A refusal means that the member is there, or gone, already. */
async function tolerated(action: Promise<unknown>): Promise<void> {
  try {
    await action
  } catch (error) {
    if (!(error instanceof AmiRefusal)) throw error
  }
}
