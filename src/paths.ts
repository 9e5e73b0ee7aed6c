/** Paths of the folders and files. */
import { join, resolve } from 'node:path'
import * as kind from './setting.ts'
import type { Reader } from './setting.ts'

/** Absolute paths, all below VAR_DIR unless set on their own. */
export interface Paths {
  readonly var: string
  readonly log: string
  /** The private Asterisk; its configuration is in `asteriskEtc`. */
  readonly asterisk: string
  readonly asteriskEtc: string
  /** Where MixMonitor writes and the recording jobs read (RECORDINGS_DIR). */
  readonly recordings: string
  /** Asterisk's CEL as CSV (CEL_FILE). */
  readonly cel: string
  /** The prompts that Asterisk plays (SOUNDS_DIR). */
  readonly sounds: string
  /** Events that the ledger has not acknowledged, and the last good configuration. */
  readonly spool: string
  readonly secrets: string
  /** When backups and updates were last made (`upkeep.ts`). */
  readonly upkeep: string
  /** Folder of the journal's signed heads, outside of the database (JOURNAL_ANCHOR). */
  readonly anchor: string
  /** The journal's mark and public keys, apart from the anchor. */
  readonly journal: string
  /** The recordings' keys; never in the same backup as the recordings (RECORDING_KEYS). */
  readonly recordingKeys: string
  readonly demo: string
  /** The built application that Caddy serves. */
  readonly ui: string
}

export function pathsFrom(reader: Reader): Paths {
  const folder = resolve(reader.optional('VAR_DIR', kind.text, 'var'))
  const asterisk = join(folder, 'asterisk')
  return {
    var: folder,
    log: join(folder, 'log'),
    asterisk,
    asteriskEtc: resolve(reader.optional('ASTERISK_ETC', kind.text, join(asterisk, 'etc'))),
    recordings: resolve(reader.optional('RECORDINGS_DIR', kind.text, join(folder, 'recordings'))),
    cel: resolve(reader.optional('CEL_FILE', kind.text, join(asterisk, 'log', 'cel.csv'))),
    sounds: resolve(reader.optional('SOUNDS_DIR', kind.text, join(asterisk, 'sounds'))),
    spool: join(folder, 'spool'),
    upkeep: join(folder, 'upkeep'),
    secrets: join(folder, 'secrets.json'),
    recordingKeys: resolve(reader.optional('RECORDING_KEYS', kind.text, join(folder, 'recording-keys'))),
    anchor: resolve(reader.optional('JOURNAL_ANCHOR', kind.text, join(folder, 'anchor'))),
    journal: join(folder, 'journal'),
    demo: join(folder, 'demo.json'),
    ui: resolve(reader.optional('UI_DIR', kind.text, 'dist/ui')),
  }
}
