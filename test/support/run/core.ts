/** The core's tests in lanes whose coverage is measured: they cover what is demanded, or the run fails. */
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { runCommand } from '../../../src/stack/command.ts'
import { say } from '../../../src/stack/terminal.ts'
import type { Failure } from './failures.ts'
import { runInLanes, type LaneOptions } from './lanes.ts'
import type { FileResult } from './test-count.ts'

export async function runCore(
  files: readonly string[],
  root: string,
  options: LaneOptions,
): Promise<readonly FileResult[]> {
  const measured = join(options.results, 'core-coverage')
  rmSync(measured, { recursive: true, force: true })
  mkdirSync(measured, { recursive: true })
  // Without the compile cache, with which coverage is less accurate.
  const { NODE_COMPILE_CACHE: _cache, ...env } = options.env
  const found = await runInLanes(files, { ...options, env: { ...env, NODE_V8_COVERAGE: measured } })
  return options.ending.aborted ? found : [...found, await coverageOf(root, measured)]
}

/** What the tests must cover, in percent of lines, branches and functions. */
const demanded = [
  { files: 'src/core/*.ts', percent: 100 },
  { files: 'src/core/**', percent: 98 },
]

async function coverageOf(root: string, measured: string): Promise<FileResult> {
  const failures: Failure[] = []
  for (const { files, percent } of demanded) {
    const least = ['lines', 'branches', 'functions', 'statements'].map((kind) => `--${kind}=${percent}`)
    const { code, output } = await runCommand(
      process.execPath,
      [
        join(root, 'node_modules/c8/bin/c8.js'),
        'report',
        `--temp-directory=${measured}`,
        '--all',
        '--src=src/core',
        `--include=${files}`,
        '--check-coverage',
        ...least,
        '--skip-full',
        '--reporter=text',
      ],
      { cwd: root },
    )
    if (code === 0) continue
    say(output.trimEnd())
    failures.push({ file: null, name: `test/core covers less than ${percent} % of ${files}` })
  }
  const failed = failures.length
  return { file: null, passed: 0, failed, skipped: 0, seconds: 0, processorS: 0, failures, attacks: [] }
}
