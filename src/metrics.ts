/**
 * The metrics for Prometheus: one object per process, passed on by `main.ts`. Labels never contain a person, a phone
 * number or an id.
 */
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client'
import type { AcdMeter } from './acd/ports.ts'

/** From 0.1 ms to 10 s: the latency budgets are between 3 and 250 ms. */
const latencies = [0.0001, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]
/** In seconds; 20 is the usual T of the service level, 240 the target of a call. */
const waits = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1_800, 3_600]
const talks = [10, 30, 60, 120, 240, 480, 900, 1_800, 3_600]
const rings = [0.5, 1, 2, 3, 5, 10, 15, 30]

export interface Metrics {
  readonly registry: Registry
  /** Ended calls by outcome and direction; counted by the live feed's reader. */
  readonly calls: Counter<'outcome' | 'direction'>
  /**
   * Of ended calls that were in a queue: from entry to the first conversation, or to the end without one; and how long the
   * conversations lasted, hold included. `ring`: from an offer to the pick-up. Observed by the live feed's reader.
   */
  readonly waitSeconds: Histogram<'queue' | 'outcome'>
  readonly talkSeconds: Histogram<'queue'>
  /** Those of them that are in the service level, by whether they were answered within T of their queue. */
  readonly serviceLevelCalls: Counter<'queue' | 'in_time'>
  /** The target of each queue: the share in time, and T. */
  readonly targetRatio: Gauge<'queue'>
  readonly targetSeconds: Gauge<'queue'>
  readonly ringSeconds: Histogram<'queue'>
  /** Callers waiting now, agents by state, and agents free now; set by the live feed's reader. */
  readonly waiting: Gauge<'queue'>
  readonly agents: Gauge<'state'>
  readonly freeAgents: Gauge
  /** Times of commits and effects, and alarms, of the ACD. */
  readonly acd: AcdMeter
  /** Requests by route pattern, never by URL. */
  readonly httpSeconds: Histogram<'method' | 'route' | 'status'>
  readonly liveFeeds: Gauge
  /** Feeds that fell behind and started again from a snapshot. */
  readonly slowReaders: Counter
  /** Identity checks by verdict, and failures beyond the alert threshold of an agent or a number. */
  readonly identityVerdicts: Counter<'verdict'>
  readonly identityAlerts: Counter<'kind'>
  /** Reasons stated beyond the alert threshold of an account. */
  readonly accessAlerts: Counter
}

export function createMetrics(): Metrics {
  const registry = new Registry()
  const registers = [registry]
  // Includes the event loop's lag (nodejs_eventloop_lag_…), memory and CPU.
  collectDefaultMetrics({ register: registry })
  // Gauges that are named as counters; the same figures are there by type.
  for (const what of ['handles', 'requests', 'resources'])
    registry.removeSingleMetric(`nodejs_active_${what}_total`)
  return {
    registry,
    calls: new Counter({
      name: 'linia_calls_total',
      help: 'Calls that ended, by outcome and direction (outbound: a citizen was called)',
      labelNames: ['outcome', 'direction'],
      registers,
    }),
    waitSeconds: new Histogram({
      name: 'linia_wait_seconds',
      help: 'Ended calls that were in a queue: from entry to the first conversation, or to the end without one',
      labelNames: ['queue', 'outcome'],
      buckets: waits,
      registers,
    }),
    talkSeconds: new Histogram({
      name: 'linia_talk_seconds',
      help: 'Answered calls: from the first conversation to the end, hold included',
      labelNames: ['queue'],
      buckets: talks,
      registers,
    }),
    ringSeconds: new Histogram({
      name: 'linia_ring_seconds',
      help: 'Offers that were picked up: from the offer to the pick-up',
      labelNames: ['queue'],
      buckets: rings,
      registers,
    }),
    serviceLevelCalls: new Counter({
      name: 'linia_service_level_calls_total',
      help: 'Ended calls of a queue that count in its service level, by whether they were answered within the queue’s own time; no short abandons, no callbacks',
      labelNames: ['queue', 'in_time'],
      registers,
    }),
    targetRatio: new Gauge({
      name: 'linia_service_level_target_ratio',
      help: 'The share of a queue’s calls that should be answered in time, 0–1',
      labelNames: ['queue'],
      registers,
    }),
    targetSeconds: new Gauge({
      name: 'linia_service_level_target_seconds',
      help: 'The time in which a queue’s calls should be answered',
      labelNames: ['queue'],
      registers,
    }),
    waiting: new Gauge({
      name: 'linia_waiting_callers',
      help: 'Callers waiting, by queue',
      labelNames: ['queue'],
      registers,
    }),
    agents: new Gauge({
      name: 'linia_agents',
      help: 'Agents who are signed in, by state',
      labelNames: ['state'],
      registers,
    }),
    freeAgents: new Gauge({ name: 'linia_free_agents', help: 'Agents who could take a call', registers }),
    acd: acdMeter(registers),
    httpSeconds: new Histogram({
      name: 'linia_http_request_seconds',
      help: 'HTTP requests by route',
      labelNames: ['method', 'route', 'status'],
      buckets: latencies,
      registers,
    }),
    liveFeeds: new Gauge({ name: 'linia_live_feeds', help: 'Open live feeds', registers }),
    slowReaders: new Counter({
      name: 'linia_live_slow_readers_total',
      help: 'Live feeds that fell behind and started again from a snapshot',
      registers,
    }),
    identityVerdicts: new Counter({
      name: 'linia_identity_verdicts_total',
      help: 'Identity checks of callers, by verdict',
      labelNames: ['verdict'],
      registers,
    }),
    identityAlerts: new Counter({
      name: 'linia_identity_alerts_total',
      help: 'Failed checks where many had failed before: with one agent, or from one number',
      labelNames: ['kind'],
      registers,
    }),
    accessAlerts: new Counter({
      name: 'linia_access_alerts_total',
      help: 'Calls and requests opened with a reason by an account that had opened unusually many within an hour',
      registers,
    }),
  }
}

function acdMeter(registers: Registry[]): AcdMeter {
  const commitSeconds = new Histogram({
    name: 'linia_commit_seconds',
    help: 'Saving one change of the ACD in Redis',
    buckets: latencies,
    registers,
  })
  const performSeconds = new Histogram({
    name: 'linia_perform_seconds',
    help: 'One effect performed by Asterisk',
    labelNames: ['effect'],
    buckets: latencies,
    registers,
  })
  const alarms = new Counter({
    name: 'linia_alarms_total',
    help: 'What somebody should look at',
    labelNames: ['kind'],
    registers,
  })
  return {
    committed: (ms) => commitSeconds.observe(ms / 1_000),
    performed: (effect, ms) => performSeconds.observe({ effect }, ms / 1_000),
    alarm: (kind) => alarms.inc({ kind }),
  }
}

/** A counter whose total another part keeps; it is read at each scrape. */
export function readCounter(metrics: Metrics, name: string, help: string, read: () => number): void {
  const counter: Counter = new Counter({
    name,
    help,
    registers: [metrics.registry],
    collect() {
      this.reset()
      this.inc(read())
    },
  })
  counter.inc(read())
}

/** A gauge whose value another part keeps; it is read at each scrape. */
export function readGauge(metrics: Metrics, name: string, help: string, read: () => number): void {
  const gauge: Gauge = new Gauge({
    name,
    help,
    registers: [metrics.registry],
    collect() {
      this.set(read())
    },
  })
  gauge.set(read())
}

/**
 * The same for a metric with one label. Values of the label that `read` does not return are left out. For a counter
 * `read` returns totals.
 */
export function readLabelled(
  metrics: Metrics,
  kind: 'gauge' | 'counter',
  [name, help, label]: readonly [name: string, help: string, label: string],
  read: () => ReadonlyMap<string, number>,
): void {
  const about = { name, help, labelNames: [label], registers: [metrics.registry] }
  const collect = (figure: Gauge | Counter): void => {
    figure.reset()
    for (const [value, amount] of read()) figure.inc({ [label]: value }, amount)
  }
  const figure: Gauge | Counter =
    kind === 'gauge'
      ? new Gauge({ ...about, collect: () => collect(figure) })
      : new Counter({ ...about, collect: () => collect(figure) })
  figure.reset()
}
