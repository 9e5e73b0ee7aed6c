/**
 * Which page of an agent is the one in use. Each page has an instance id; the newest to come takes over
 * and the older is told. A page that was taken over comes back only when its person asks for it
 * (`PUT /api/me/page`), not by its connection's own reconnecting. A node that was started after the takeover
 * knows the older one by how far it had heard of the line: a computer that slept is behind the page in use.
 *
 * The agent's pages may be at several nodes: each tells the others which page has taken over, and what is
 * told comes to all in one order.
 */
import type { AgentId } from '../../core/ids.ts'

/** How many taken-over pages of one agent are remembered. */
const supersededMax = 20
/** A takeover of our own that has not come back to us by then was not passed on. */
const passedOnMs = 1_000

/** A page's open feed. */
export interface PageFeed {
  /** Told once that another page took over; its feed ends. */
  superseded(by: string): void
}

interface Pages<Feed> {
  current: string | null
  /** Until when the page in use had heard of the line as it came, Unix ms; for a new one: then. */
  since: number
  /** When this node last told of a takeover that it has not yet heard itself. */
  toldAt: number | null
  readonly superseded: string[]
  readonly feeds: Map<string, Set<Feed>>
}

export class PageRegistry<Feed extends PageFeed> {
  readonly #agents = new Map<AgentId, Pages<Feed>>()
  readonly #tell: (agent: AgentId, instance: string) => Promise<void>

  /** `tell` passes a takeover on to all nodes, this one included. */
  constructor(tell: (agent: AgentId, instance: string) => Promise<void>) {
    this.#tell = tell
  }

  /** The person at this page takes over; resolves when the other nodes know. */
  async claim(agent: AgentId, instance: string): Promise<void> {
    const pages = this.#of(agent)
    if (pages.current === instance) return
    this.#take(pages, instance, Date.now())
    pages.toldAt = performance.now()
    await this.#tell(agent, instance)
  }

  /** A page has taken over, at another node or (`own`) here. */
  heard(agent: AgentId, instance: string, own: boolean): void {
    const pages = this.#of(agent)
    if (own) {
      pages.toldAt = null
      return
    }
    // Two at the same moment: ours is on its way behind this one, and stands.
    if (pages.toldAt !== null && performance.now() - pages.toldAt < passedOnMs) return
    if (pages.current !== instance) this.#take(pages, instance, Date.now())
  }

  #take(pages: Pages<Feed>, instance: string, since: number): void {
    if (pages.current !== null) pages.superseded.push(pages.current)
    if (pages.superseded.length > supersededMax) pages.superseded.shift()
    const place = pages.superseded.indexOf(instance)
    if (place !== -1) pages.superseded.splice(place, 1)
    pages.current = instance
    pages.since = since
    for (const [other, feeds] of pages.feeds) {
      if (other === instance) continue
      for (const feed of feeds) feed.superseded(instance)
    }
  }

  /**
   * A page's feed opens: a page not seen before takes over, unless it had heard less of the line (`heardUntil`, Unix
   * ms; null: nothing, it is new) than the one in use. Answers the instance in use.
   */
  open(agent: AgentId, instance: string, feed: Feed, heardUntil: number | null = null): string {
    const pages = this.#of(agent)
    const { current } = pages
    if (current !== null && current !== instance) {
      if (pages.superseded.includes(instance)) return current
      if (heardUntil !== null && heardUntil <= pages.since) return current
    }
    void this.claim(agent, instance)
    if (current !== instance && heardUntil !== null) pages.since = heardUntil
    const feeds = pages.feeds.get(instance) ?? new Set()
    pages.feeds.set(instance, feeds.add(feed))
    return instance
  }

  close(agent: AgentId, instance: string, feed: Feed): void {
    const pages = this.#of(agent)
    const feeds = pages.feeds.get(instance)
    if (feeds?.delete(feed) === true && feeds.size === 0) pages.feeds.delete(instance)
  }

  #of(agent: AgentId): Pages<Feed> {
    const pages = this.#agents.get(agent) ?? {
      current: null,
      since: 0,
      toldAt: null,
      superseded: [],
      feeds: new Map(),
    }
    this.#agents.set(agent, pages)
    return pages
  }
}
