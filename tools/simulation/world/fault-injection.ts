/** Injects a scenario's faults and marks for how long the system may be disturbed. */
import type { Wire } from '../../../test/support/pbx/fake-wire.ts'
import type { World } from './world.ts'
import { rollbackMs, type Fault, type FaultName, type Scenario } from '../scenario.ts'

/** Connection of a process that connects and does nothing. */
const idleWire: Wire = {
  connect: () => Promise.resolve(),
  isOurs: () => false,
  stop: () => undefined,
  carry: () => undefined,
  ask: () => Promise.reject(new Error('no request is expected')),
}

/** Recovery after a fault: reconnecting, restarting, reconciling. */
const mendMs = 6_000
/** Takeover: the supervisor's pause, expiry of the lease, start of the new owner. */
const takeoverMs = 9_000
/** Time until the audit repairs the loss of an event on an intact connection. */
const unheardMs = 45_000

type DataLoss = Extract<Fault, { fault: 'redis emptied' | 'redis flushed' | 'redis rolled back' }>
/** Age after which a change is surely in Redis. */
const beforeMs = 2_000
const hitsNodes: ReadonlySet<FaultName> = new Set([
  'node killed',
  'node hung',
  'all nodes down',
  'application replaced',
  'pbx connection cut',
  'asterisk restarted',
  'redis cut off from one node',
  'redis down',
  'redis stalled',
  'redis answers lost',
  'redis emptied',
  'redis flushed',
  'redis rolled back',
])

export function scheduleFault(world: World, fault: Fault): void {
  const { schedule } = world
  if (fault.fault === 'redis rolled back') {
    let kept: unknown = null
    schedule.at(fault.atMs - rollbackMs, async () => {
      kept = await world.engine.keep()
    })
    schedule.at(fault.atMs, () => restartRedis(world, fault, () => kept))
    return
  }
  schedule.at(fault.atMs, () => inject(world, fault))
}

function inject(world: World, fault: Exclude<Fault, { fault: 'redis rolled back' }>): void | Promise<void> {
  const { schedule, faultState, random, asterisk } = world
  const node = world.owner ?? world.nodes()[0]
  switch (fault.fault) {
    case 'node killed':
      // Nothing is wrong before its death, some messages from now.
      node?.process.onDeath(() => faultState.disturb(fault.downMs + takeoverMs))
      node?.process.killAfter(fault.afterMessages)
      return undefined
    case 'node hung':
      faultState.disturb(fault.forMs + takeoverMs)
      node?.process.hang()
      schedule.after(fault.forMs, () => node?.process.resume())
      return undefined
    case 'all nodes down':
      faultState.disturb(fault.downMs + takeoverMs)
      world.keepDown(fault.downMs)
      for (const one of world.nodes()) one.process.kill()
      return undefined
    case 'pbx connection cut':
      faultState.disturb(mendMs)
      return node?.cutPbx()
    case 'pbx slow':
      faultState.slow(fault.forMs + fault.byMs + mendMs)
      faultState.pbxSlowMs = fault.byMs
      schedule.after(fault.forMs, () => {
        faultState.pbxSlowMs = 0
      })
      return undefined
    case 'pbx answers lost':
      faultState.pbxAnswersToLose += fault.count
      return faultState.disturb(unheardMs)
    case 'pbx requests lost':
      faultState.pbxRequestsToLose += fault.count
      return faultState.disturb(unheardMs)
    case 'events lost':
      faultState.eventsToLose += fault.count
      return faultState.disturb(unheardMs)
    case 'events doubled':
      faultState.doubling = 0.3
      schedule.after(fault.forMs, () => {
        faultState.doubling = 0
      })
      return undefined
    case 'events late':
      faultState.disturb(fault.forMs + fault.byMs + mendMs)
      faultState.eventLateMs = fault.byMs
      schedule.after(fault.forMs, () => {
        faultState.eventLateMs = 0
      })
      return undefined
    case 'application replaced': {
      // Another process registers the application and disconnects again.
      faultState.disturb(takeoverMs)
      const stranger = asterisk.adapter(() => idleWire)
      asterisk.reconnect(stranger)
      schedule.after(random.between(10, 500), () => {
        if (asterisk.isConnected(stranger)) asterisk.disconnect()
      })
      return undefined
    }
    case 'asterisk restarted':
      faultState.disturb(fault.downMs + mendMs)
      asterisk.die()
      schedule.after(fault.downMs, () => {
        asterisk.rise()
        for (const { username } of world.agents) world.simulatedAgents.agent(username)?.unreachable(500)
      })
      return undefined
    case 'redis down':
      return redisDown(world, fault.forMs)
    case 'redis emptied':
      return restartRedis(world, fault, () => null)
    case 'redis flushed':
      noteDataLoss(world, fault, 0)
      return world.engine.flush()
    case 'redis answers lost':
      faultState.redisAnswersToLose += fault.count
      return faultState.disturb(unheardMs)
    case 'redis stalled':
      faultState.disturb(fault.forMs + takeoverMs)
      faultState.redisStalledUntil = schedule.elapsed + fault.forMs
      return undefined
    case 'redis cut off from one node':
      faultState.disturb(fault.forMs + takeoverMs)
      return node?.cutRedis(fault.forMs)
    case 'native call':
      return world.simulatedAgents.agent(`a${fault.agent}`)?.ownCall(fault.forMs)
    case 'phone unreachable':
      return world.simulatedAgents.agent(`a${fault.agent}`)?.unreachable(fault.forMs)
    case 'phone switched off':
      return world.simulatedAgents.agent(`a${fault.agent}`)?.switchedOff(fault.forMs)
    case 'phone frozen':
      return world.simulatedAgents.agent(`a${fault.agent}`)?.frozen(fault.forMs)
    case 'clock jumped':
      faultState.disturb(Math.abs(fault.byMs) + mendMs)
      return schedule.jump(fault.byMs)
    case 'agent dismissed': {
      const at = world.agents.findIndex(({ username }) => username === `a${fault.agent}`)
      const [profile] = at === -1 ? [] : world.agents.splice(at, 1)
      world.directoryChanged()
      schedule.after(fault.forMs, () => {
        if (profile !== undefined) world.agents.push(profile)
        world.directoryChanged()
      })
      return undefined
    }
  }
}

function redisDown(world: World, forMs: number): void {
  world.faultState.disturb(forMs + mendMs)
  world.redis.goDown()
  world.schedule.after(forMs, () => world.redis.comeUp())
}

function restartRedis(
  world: World,
  fault: Exclude<DataLoss, { fault: 'redis flushed' }>,
  kept: () => unknown,
): void {
  noteDataLoss(world, fault, fault.downMs)
  world.redis.goDown()
  world.schedule.after(fault.downMs, async () => {
    await world.engine.restart(kept())
    world.redis.comeUp()
  })
}

function noteDataLoss(world: World, fault: DataLoss, downMs: number): void {
  // The owner that remembers the lost data dies, hangs or is cut off in the same seconds.
  if (world.owner === undefined || isOwnerHit(world.scenario, fault)) world.observer.diedUnsaved()
  world.faultState.disturb(downMs + mendMs)
}

const lastsMs = (fault: Fault): number =>
  'forMs' in fault ? fault.forMs : 'downMs' in fault ? fault.downMs : 0

function isOwnerHit({ faults }: Scenario, fault: DataLoss): boolean {
  const from = fault.atMs - beforeMs
  const to = fault.atMs + lastsMs(fault) + takeoverMs
  return faults.some((other) => {
    if (other === fault || !hitsNodes.has(other.fault)) return false
    return other.atMs < to && other.atMs + lastsMs(other) + takeoverMs > from
  })
}
