/** The metrics of a running system, the alert rules and the dashboard, judged by Prometheus's own tool. */
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t from 'tap'
import { startLinia } from '../../support/stack.ts'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../../../', import.meta.url))
const folder = `${root}tools/monitoring/`

/** Output of the tool; rejects with its findings. */
const promtool = (...args: string[]) => run('promtool', args, { cwd: folder })

async function checkMetrics(text: string): Promise<string> {
  const checking = promtool('check', 'metrics')
  checking.child.stdin?.end(text)
  const { stdout, stderr } = await checking
  return `${stdout}${stderr}`.trim()
}

await t.test('the alert rules are readable, and fire when they should and not before', async (t) => {
  await promtool('check', 'rules', 'alerts.yaml')
  await promtool('test', 'rules', 'alerts.test.yaml')
  const rules = await readFile(`${folder}alerts.yaml`, 'utf8')
  await t.rejects(promtool('check', 'rules', 'alerts.test.yaml'), 'the tool refuses other files')
  t.ok([...rules.matchAll(/- alert: (\w+)/g)].length > 10)
})

await t.test('metrics are as Prometheus expects them, and nothing is asked that there is not', async (t) => {
  const { url } = await startLinia(t, { agents: 1 })
  const text = await (await fetch(`${url}/metrics`)).text()
  t.equal(await checkMetrics(text), '', 'no finding')
  const known = new Set([...text.matchAll(/^# TYPE (\w+)/gm)].map(([, name]) => name))
  for (const file of [
    'tools/monitoring/alerts.yaml',
    'tools/monitoring/dashboard.json',
    'docs/guides/monitoring.md',
  ]) {
    const asked = (await readFile(`${root}${file}`, 'utf8')).matchAll(/\b(?:linia|nodejs)_[a-z0-9_]+/g)
    const unknown = [...asked]
      .map(([name]) => name)
      .filter((name) => !known.has(name) && !known.has(name.replace(/_(?:bucket|count|sum)$/, '')))
    t.same(unknown, [], file)
  }
})
