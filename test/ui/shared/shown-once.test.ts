import t from 'tap'

const location = { pathname: '/factors' }
const opened: string[] = []
const history = {
  pushState: (_state: unknown, _title: string, page: string) => {
    opened.push(page)
    location.pathname = page
  },
  replaceState: () => undefined,
}
Object.assign(globalThis, {
  window: { location, addEventListener: () => undefined },
  location,
  history,
  addEventListener: () => undefined,
  dispatchEvent: () => true,
  requestAnimationFrame: () => 0,
})
const { heldBySecret, leaveFor, secretNoted, secretShown, showsSecret } =
  await import('../../../src/ui/shared/unsaved/shown-once.ts')
const { onDesk } = await import('../../../src/ui/agent/work/open-pane.ts')

t.test('a secret that is not noted keeps menus and the desk’s keys from leaving its page', (t) => {
  secretShown()
  t.ok(showsSecret())
  leaveFor('/calls')
  onDesk(() => t.fail('the desk is not open'))
  t.same(opened, [])
  location.pathname = '/calls'
  t.notOk(showsSecret(), 'another page')
  t.notOk(heldBySecret())
  location.pathname = '/factors'
  secretNoted()
  t.notOk(showsSecret())
  leaveFor('/calls')
  t.same(opened, ['/calls'])
  t.end()
})
