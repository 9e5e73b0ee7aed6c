/**
 * Decides which of an agent's open pages is the active one. Each page has an instance id. A new page takes over,
 * and the older one is notified that it is superseded. A superseded page becomes active again only when its user
 * asks for it (`PUT /api/me/page`), never because its connection reconnects. A node that was started after the
 * takeover recognises the older page by the last event that it received: the page of a computer that was asleep
 * is behind the active one.
 *
 * An agent's pages may be connected to several nodes. Each node publishes its takeovers to the others, and all nodes
 * receive them in one order.
 */
import type { AgentId } from '../../core/ids.ts'

/** How many superseded pages of one agent are remembered. */
const supersededMax = 20
/** A takeover that this node published and has not received back by then was lost. */
const publishedWithinMs = 1_000

/** A page's open feed. */
export interface PageFeed {
  /** Another page took over: ends the feed. Called once. */
  superseded(by: string): void
}

interface Pages<Feed> {
  current: string | null
  /**
   * Time of the last event that the active page had received when it connected, Unix ms; of its takeover if it
   * was new.
   */
  since: number
  /** When this node published a takeover that it has not received back yet. */
  publishedAt: number | null
  readonly superseded: string[]
  readonly feeds: Map<string, Set<Feed>>
}

export class PageRegistry<Feed extends PageFeed> {
  readonly #agents = new Map<AgentId, Pages<Feed>>()
  readonly #publish: (agent: AgentId, instance: string) => Promise<void>

  /** `publish` sends a takeover to all nodes, this one included. */
  constructor(publish: (agent: AgentId, instance: string) => Promise<void>) {
    this.#publish = publish
  }

  /** The user of this page takes over. Resolves when the takeover is published. */
  async claim(agent: AgentId, instance: string): Promise<void> {
    const pages = this.#of(agent)
    if (pages.current === instance) return
    this.#take(pages, instance, Date.now())
    pages.publishedAt = performance.now()
    await this.#publish(agent, instance)
  }

  /** A page has taken over, at another node or (`own`) here. */
  heard(agent: AgentId, instance: string, own: boolean): void {
    const pages = this.#of(agent)
    if (own) {
      pages.publishedAt = null
      return
    }
    // Two takeovers at once: ours follows this one in the common order, so it wins.
    if (pages.publishedAt !== null && performance.now() - pages.publishedAt < publishedWithinMs) return
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
   * A page's feed opens. A page not seen before takes over, unless its last event (`heardUntil`, Unix ms; null: it is
   * new and has received none) is older than the active page's. Answers the active instance.
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
      publishedAt: null,
      superseded: [],
      feeds: new Map(),
    }
    this.#agents.set(agent, pages)
    return pages
  }
}
