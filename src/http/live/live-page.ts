/** One open page of an agent, as an entry of `PageRegistry`. */
import { frame, retry } from '../shell/sse.ts'
import type { LiveReader } from './live-reader.ts'
import type { PageFeed } from './pages.ts'

export class LivePage implements PageFeed {
  readonly #reader: LiveReader

  constructor(reader: LiveReader) {
    this.#reader = reader
  }

  superseded(by: string): void {
    this.#reader.end(supersededText(by))
  }
}

/** A superseded page should not reconnect by itself. A browser that does gets the same message again, slowly. */
function supersededText(by: string): string {
  return retry(30_000) + frame('superseded', { instance: by })
}
