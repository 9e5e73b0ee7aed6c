import { frame, retry } from '../shell/sse.ts'
import type { LiveReader } from './live-reader.ts'
import type { PageFeed } from './pages.ts'

/** A page's feed, as the registry of pages knows it. */
export class LivePage implements PageFeed {
  readonly #reader: LiveReader

  constructor(reader: LiveReader) {
    this.#reader = reader
  }

  superseded(by: string): void {
    this.#reader.end(supersededText(by))
  }
}

/** Such a page should not come back by itself; a browser that does anyway is told again, slowly. */
function supersededText(by: string): string {
  return retry(30_000) + frame('superseded', { instance: by })
}
