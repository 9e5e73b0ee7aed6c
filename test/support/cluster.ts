/** Commands to the tests' PostgreSQL cluster. */
import { spawnSync } from 'node:child_process'
import path from 'node:path'

/** The superuser's URL of a running cluster, set by a parent process that holds it for many test files. */
export const heldCluster = 'LINIA_TEST_CLUSTER'
/** The `use`th use of a process: a run, whose lanes leave the cluster in its place if it is killed, has one. */
export const clusterUser = (process: number | string, use: number): string => `${process}-${use}`

const clusterScript = path.join(import.meta.dirname, 'postgres-cluster.ts')

/** The script runs under a file lock, so only one process starts or stops the cluster at a time. */
export function cluster(command: 'use' | 'leave' | 'keep', user: string): string {
  const lock = path.join(import.meta.dirname, '../../package.json')
  const done = spawnSync('flock', [lock, process.execPath, clusterScript, command, user], {
    encoding: 'utf8',
    timeout: 60_000,
  })
  if (done.status !== 0) throw new Error(`the test cluster did not ${command}: ${done.stderr}`)
  return done.stdout
}
