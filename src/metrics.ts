/**
 * The metrics for Prometheus: one object per process, passed on by `main.ts`. Labels never contain a person, a phone
 * number or an id.
 */
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client'
import type { AcdMeter } from './acd/ports.ts'

/** From 0.1 ms to 10 s: the latency budgets are between 3 and 250 ms. */
const buckets = [0.0001, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]

export interface Metrics {
  readonly registry: Registry
  /** Ended calls by outcome and direction; counted by the live feed's reader. */
  readonly calls: Counter<'outcome' | 'direction'>
  /** Callers waiting now, and agents free now; set by the live feed's reader. */
  readonly waiting: Gauge
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
  return {
    registry,
    calls: new Counter({
      name: 'linia_calls_total',
      help: 'Calls that ended, by outcome and direction (outbound: a citizen was called)',
      labelNames: ['outcome', 'direction'],
      registers,
    }),
    waiting: new Gauge({ name: 'linia_waiting_callers', help: 'Callers waiting in line', registers }),
    freeAgents: new Gauge({ name: 'linia_free_agents', help: 'Agents who could take a call', registers }),
    acd: acdMeter(registers),
    httpSeconds: new Histogram({
      name: 'linia_http_request_seconds',
      help: 'HTTP requests by route',
      labelNames: ['method', 'route', 'status'],
      buckets,
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
    buckets,
    registers,
  })
  const performSeconds = new Histogram({
    name: 'linia_perform_seconds',
    help: 'One effect performed by Asterisk',
    labelNames: ['effect'],
    buckets,
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
