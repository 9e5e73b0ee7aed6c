import t from 'tap'
import { readSettings, WrongSettings, type SignInSettings } from '../../src/config.ts'

const provider = {
  OIDC_ISSUER: 'https://login.example.ro/realms/city',
  OIDC_CLIENT_ID: 'linia969',
  OIDC_SECRET_FILE: '/etc/linia/oidc-secret',
  OIDC_ROLES: 'cn=agents,ou=groups=agent; cc-it=administrator',
  LOCAL_SIGN_IN: 'admin, rezerva',
}
const read = (env: Record<string, string>): SignInSettings => readSettings(env).signIn
/** The names of the wrong settings. */
function wrong(env: Record<string, string>): readonly string[] {
  try {
    read(env)
    return []
  } catch (error) {
    if (error instanceof WrongSettings) return error.wrong.map(({ name }) => name)
    throw error
  }
}

t.test('without settings: passwords, no obligatory factor, localhost', async (t) => {
  const none = { origin: 'http://localhost:9690', secondFactor: [], local: 'all', provider: null }
  t.strictSame(read({}), none)
  t.equal(read({ HTTP_PORT: '8080' }).origin, 'http://localhost:8080')
  t.equal(read({ LAN: '192.0.2.7' }).origin, 'https://192.0.2.7:9690')
  t.equal(read({ WEB_ORIGIN: 'https://linia.example.ro/' }).origin, 'https://linia.example.ro')
  t.strictSame(read({ SECOND_FACTOR: 'auditor, administrator' }).secondFactor, ['auditor', 'administrator'])
})

t.test('a provider; the role is after the last equals sign', async (t) => {
  const { local, provider: given } = read(provider)
  t.strictSame(local, ['admin', 'rezerva'])
  t.strictSame(
    [...(given?.roles ?? [])],
    [
      ['cn=agents,ou=groups', 'agent'],
      ['cc-it', 'administrator'],
    ],
  )
  t.match(given, {
    name: 'login.example.ro',
    rolesClaim: 'groups',
    skills: [],
    scopes: 'openid profile',
    recheckMs: 60_000,
  })
})

t.test('skills of groups; a group may give several', async (t) => {
  const OIDC_SKILLS = 'cn=taxe,ou=groups=taxe:3; cc-all=taxe:1;cc-all=stare-civila:2'
  t.strictSame(read({ ...provider, OIDC_SKILLS }).provider?.skills, [
    { value: 'cn=taxe,ou=groups', skill: 'taxe', level: 3 },
    { value: 'cc-all', skill: 'taxe', level: 1 },
    { value: 'cc-all', skill: 'stare-civila', level: 2 },
  ])
})

t.test('wrong settings are named', async (t) => {
  for (const [env, names] of [
    [{ WEB_ORIGIN: 'http://linia.example.ro' }, ['WEB_ORIGIN']],
    [{ WEB_ORIGIN: 'https://linia.example.ro/app' }, ['WEB_ORIGIN']],
    [{ SECOND_FACTOR: 'admin' }, ['SECOND_FACTOR']],
    [
      { OIDC_ISSUER: 'https://login.example.ro' },
      ['OIDC_CLIENT_ID', 'OIDC_SECRET_FILE', 'OIDC_ROLES', 'LOCAL_SIGN_IN'],
    ],
    [{ ...provider, OIDC_ISSUER: 'http://login.example.ro' }, ['OIDC_ISSUER']],
    [{ ...provider, OIDC_ISSUER: 'https://x:y@login.example.ro' }, ['OIDC_ISSUER']],
    [{ ...provider, OIDC_ROLES: 'cc-agents=operator' }, ['OIDC_ROLES']],
    [{ ...provider, OIDC_ROLES: 'a=agent;a=auditor' }, ['OIDC_ROLES']],
    [{ ...provider, OIDC_SKILLS: 'cc-taxe=taxe:6' }, ['OIDC_SKILLS']],
    [{ ...provider, OIDC_SKILLS: 'cc-taxe=taxe' }, ['OIDC_SKILLS']],
    [{ ...provider, OIDC_SCOPES: 'profile' }, ['OIDC_SCOPES']],
    [{ ...provider, LOCAL_SIGN_IN: 'Admin!' }, ['LOCAL_SIGN_IN']],
  ] as const)
    t.strictSame([...wrong(env)].toSorted(), [...names].toSorted(), JSON.stringify(env))
})
