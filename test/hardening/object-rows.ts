/**
 * A row for every route of the API: which object of a citizen it takes, and what each role gets for one that is its
 * own, the present caller's, another's, or another's opened with a reason. A route that takes none states why.
 */
import { lampForm, randomDraft } from '../ledger/requests/fixtures.ts'

/** The object asked for, and the agent's own present call. */
export interface Asked {
  /** The id of the object. */
  readonly id: string
  readonly present: string
}

export interface Request {
  readonly method: string
  readonly path: string
  readonly body?: object
}

/** Columns of a row: the first four are an agent's. */
export const columns = [
  'agent: own',
  'of the caller',
  'another’s',
  'with a reason',
  'supervisor',
  'auditor',
  'editor',
  'administrator',
] as const

export interface ObjectRow {
  readonly object: 'call' | 'request' | 'handle' | 'check' | 'voicemail'
  readonly ask: (asked: Asked) => Request
  /**
   * One status for each column, for an object of another's with other roles. A number that is not 2xx, 403 is a
   * refusal with a reason of its own (a handle of another call is 404, like an unknown one).
   */
  readonly expect: readonly number[]
}

export type Row = ObjectRow | { readonly none: string }

const none = (why: string): Row => ({ none: why })
const probe = none('a probe')
const self = none('the account itself')
const staff = none('accounts of the city’s own staff')
const programs = none('programs that are told of calls, without any citizen')
const departments = none('the city hall’s own departments and interpreters')
const words = none('articles and notices, no citizen')
const settings = none('the city hall’s name and arms, shown to everybody')
const log = none('the access log; for auditors only')
const line = none('the configuration of the line: the city’s own numbers, queues and hours')
const systems = none('the city’s own systems: addresses and states')
const prompts = none('the prompts of the line: the city’s own sentences')
const desk = none('the ACD: the agent’s own desk and present call')

const call = (ask: ObjectRow['ask'], expect: readonly number[]): Row => ({ object: 'call', ask, expect })
const request = (ask: ObjectRow['ask'], expect: readonly number[]): Row => ({
  object: 'request',
  ask,
  expect,
})

/** `agent: own`: left in a queue that the agent serves. */
const voicemail = (ask: ObjectRow['ask']): Row => ({
  object: 'voicemail',
  ask,
  expect: [204, 403, 403, 403, 204, 403, 403, 403],
})

const seen = [200, 200, 403, 200, 200, 200, 403, 403]
const seenWithoutAuditor = [200, 200, 403, 200, 200, 403, 403, 403]
const wrapUp = { subject: 'ceva', motivated: 'yes', reason: null, resolution: 'none' }

export const rows: Readonly<Record<string, Row>> = {
  // Calls.
  calls: none('lists an agent’s own calls, or the present caller’s: test/http/access/'),
  unansweredOffers: none(
    'an agent’s own offers without the number; others’ for supervisors: test/http/calls/',
  ),
  abandonedCalls: none('lists the callers left without an answer in an agent’s queues: test/http/calls/'),
  call: call(({ id }) => ({ method: 'GET', path: `/api/calls/${id}` }), seen),
  consultedPapers: call(({ id }) => ({ method: 'GET', path: `/api/calls/${id}/papers` }), seen),
  voicemails: none('lists the messages of an agent’s queues: test/http/voicemails/'),
  openVoicemails: none('counts the messages of an agent’s queues: test/http/voicemails/'),
  takeVoicemail: voicemail(({ id }) => ({ method: 'PUT', path: `/api/voicemails/${id}/taker` })),
  releaseVoicemail: voicemail(({ id }) => ({ method: 'DELETE', path: `/api/voicemails/${id}/taker` })),
  closeVoicemail: voicemail(({ id }) => ({
    method: 'POST',
    path: `/api/voicemails/${id}/closing`,
    body: { result: 'nothing to do', note: '' },
  })),
  // No recording was kept: 404. An auditor hears it as a part of its call.
  voicemailRecording: {
    object: 'voicemail',
    ask: ({ id }) => ({ method: 'GET', path: `/api/voicemails/${id}/recording` }),
    expect: [404, 403, 403, 403, 404, 403, 403, 403],
  },
  unfinishedCalls: none('lists an agent’s own calls: test/http/calls/'),
  setNotes: call(
    ({ id }) => ({ method: 'PUT', path: `/api/calls/${id}/notes`, body: { text: 'ceva' } }),
    [204, 403, 403, 403, 403, 403, 403, 403],
  ),
  setWrapUp: call(
    ({ id }) => ({ method: 'PUT', path: `/api/calls/${id}/wrap-up`, body: wrapUp }),
    [204, 403, 403, 403, 403, 403, 403, 403],
  ),
  // The form is its agent's statement; a supervisor adds a note.
  correctWrapUp: call(
    ({ id }) => ({ method: 'POST', path: `/api/calls/${id}/wrap-up/corrections`, body: wrapUp }),
    [204, 403, 403, 403, 403, 403, 403, 403],
  ),
  addNote: call(
    ({ id }) => ({ method: 'POST', path: `/api/calls/${id}/notes`, body: { text: 'ceva' } }),
    [204, 403, 403, 403, 204, 403, 403, 403],
  ),
  // 404: there is no recording; a reason does not open one.
  recording: call(
    ({ id }) => ({ method: 'GET', path: `/api/calls/${id}/recording` }),
    [404, 403, 403, 403, 404, 404, 403, 403],
  ),
  hearWhole: call(
    ({ id }) => ({
      method: 'POST',
      path: `/api/calls/${id}/recording/hearings`,
      body: { opening: 'abcdefgh12345678', reason: 'plângere' },
    }),
    [403, 403, 403, 403, 403, 404, 403, 403],
  ),
  callOut: call(
    ({ id }) => ({ method: 'POST', path: '/api/me/call-out', body: { call: id } }),
    [200, 200, 403, 200, 403, 403, 403, 403],
  ),
  // 409: a past call, even an own one, does not open what the citizen has asked for since.
  requestsOfCaller: call(
    ({ id }) => ({ method: 'GET', path: `/api/calls/${id}/requests` }),
    [409, 403, 403, 403, 200, 403, 403, 403],
  ),
  requestsRegisteredInCall: call(
    ({ id }) => ({ method: 'GET', path: `/api/calls/${id}/registered-requests` }),
    seen,
  ),
  openPaper: call(
    ({ id }) => ({ method: 'POST', path: '/api/papers/none/openings', body: { call: id, query: null } }),
    [404, 403, 403, 403, 404, 403, 403, 403],
  ),
  similarRequests: call(
    ({ id }) => ({
      method: 'POST',
      path: '/api/requests/similar',
      body: { category: 'street-lighting', street: 'Strada Lucian Blaga', call: id },
    }),
    [200, 403, 403, 403, 200, 403, 403, 403],
  ),
  findRequest: call(
    ({ id }) => ({ method: 'POST', path: '/api/requests/find', body: { number: 'CC2026-999999', call: id } }),
    [200, 403, 403, 403, 200, 403, 403, 403],
  ),
  findDocument: call(
    ({ id }) => ({
      method: 'POST',
      path: '/api/documents/find',
      body: { number: 'SC1', date: '2026-11-01', name: 'Cineva', callId: id },
    }),
    [200, 403, 403, 403, 200, 403, 403, 403],
  ),
  saveRequestDraft: call(
    ({ id }) => ({
      method: 'PUT',
      path: `/api/request-drafts/${randomDraft()}`,
      body: { call: id, form: lampForm() },
    }),
    [204, 403, 403, 403, 204, 403, 403, 403],
  ),
  registerRequest: call(
    ({ id }) => ({
      method: 'POST',
      path: '/api/requests',
      body: { draft: randomDraft(), call: id, form: lampForm() },
    }),
    [201, 403, 403, 403, 201, 403, 403, 403],
  ),
  // 200: the ACD of this test accepts every order; the real one knows which calls go on.
  superviseCall: call(
    ({ id }) => ({ method: 'POST', path: `/api/calls/${id}/supervision`, body: { mode: 'monitor' } }),
    [403, 403, 403, 403, 200, 403, 403, 403],
  ),
  stopSupervising: call(
    ({ id }) => ({ method: 'DELETE', path: `/api/calls/${id}/supervision` }),
    [403, 403, 403, 403, 200, 403, 403, 403],
  ),
  takeOverCall: call(
    ({ id }) => ({ method: 'POST', path: `/api/calls/${id}/take-over` }),
    [403, 403, 403, 403, 200, 403, 403, 403],
  ),
  moveCall: call(
    ({ id }) => ({ method: 'POST', path: `/api/calls/${id}/move`, body: { queue: 'general' } }),
    [403, 403, 403, 403, 200, 403, 403, 403],
  ),
  endCall: call(
    ({ id }) => ({ method: 'POST', path: `/api/calls/${id}/end` }),
    [403, 403, 403, 403, 200, 403, 403, 403],
  ),
  promiseCallback: call(
    ({ id }) => ({ method: 'POST', path: `/api/calls/${id}/callback` }),
    [403, 403, 403, 403, 200, 403, 403, 403],
  ),
  cancelCallback: call(
    ({ id }) => ({ method: 'POST', path: `/api/calls/${id}/cancel-callback`, body: { reason: 'other' } }),
    [403, 403, 403, 403, 200, 403, 403, 403],
  ),
  stateReason: call(
    ({ id }) => ({
      method: 'POST',
      path: '/api/access',
      body: { object: 'call', id, reason: 'other', text: 'din matrice' },
    }),
    [201, 201, 201, 201, 403, 403, 403, 403],
  ),

  // Requests.
  request: request(({ id }) => ({ method: 'GET', path: `/api/requests/${id}` }), seenWithoutAuditor),
  requestPaper: request(
    ({ id }) => ({ method: 'GET', path: `/api/requests/${id}/paper` }),
    seenWithoutAuditor,
  ),
  tellRequest: request(
    ({ id }) => ({
      method: 'POST',
      path: `/api/requests/${id}/tellings`,
      body: { how: 'later', call: null },
    }),
    [204, 204, 403, 204, 204, 403, 403, 403],
  ),
  // 409: the request is in time.
  complainOfRequest: request(
    ({ id }) => ({
      method: 'POST',
      path: `/api/requests/${id}/complaint`,
      body: { draft: randomDraft(), call: null },
    }),
    [409, 409, 403, 409, 409, 403, 403, 403],
  ),
  addRequestStatus: request(
    ({ id }) => ({
      method: 'POST',
      path: `/api/requests/${id}/statuses`,
      body: { kind: 'in progress', note: 'din matrice' },
    }),
    [403, 403, 403, 403, 201, 403, 403, 403],
  ),
  requests: none('a list of states for supervisors, without personal data'),
  requestFollowUps: none('the agent’s own requests, by the query'),
  requestDrafts: none('the agent’s own drafts, by the query'),
  throwAwayRequestDraft: none('deletes among the agent’s own drafts only'),
  requestCatalogue: none('categories and streets'),
  raiseRequestNumber: none('a number'),
  trackRequest: none('the citizen’s own access, with number and code'),
  askCallback: none('the citizen’s own access, with number and code'),

  // Taxes and identity: nothing outside of the agent's own conversation with that caller.
  identity: none('the persons found in the agent’s own present call'),
  beginIdentity: none('the agent’s own present call'),
  searchPerson: none('the agent’s own present call; name, address and CNP in full'),
  askQuestions: {
    object: 'handle',
    ask: ({ id }) => ({ method: 'POST', path: '/api/identity/checks', body: { handle: id } }),
    expect: [200, 404, 404, 404, 403, 403, 403, 403],
  },
  confirmPerson: {
    object: 'handle',
    ask: ({ id }) => ({ method: 'POST', path: '/api/identity/confirmations', body: { handle: id } }),
    expect: [403, 404, 404, 404, 403, 403, 403, 403],
  },
  taxSection: {
    object: 'handle',
    ask: ({ id }) => ({ method: 'GET', path: `/api/taxes/${id}/objects` }),
    expect: [403, 404, 404, 404, 403, 403, 403, 403],
  },
  giveAnswers: {
    object: 'check',
    ask: ({ id }) => ({ method: 'POST', path: `/api/identity/checks/${id}/answers`, body: { answers: [] } }),
    expect: [200, 404, 404, 404, 403, 403, 403, 403],
  },
  blockedCallers: none('numbers that supervisors have blocked, for supervisors; the look is on record'),
  blockCaller: none('a number that a supervisor types'),
  callerNotices: none('what the city says to all callers, and how many have heard it'),
  addCallerNotice: none('what the city says to all callers'),
  endCallerNotice: none('what the city says to all callers'),
  unblockCaller: none('a block, by its number, for supervisors'),
  locks: none('numbers of locks and calls, for supervisors; no person'),
  unlock: none('supervisors, with a reason'),
  identityAlerts: none('counts by agent and calling number, for supervisors'),
  accessAlerts: none('counts by account, for supervisors and auditors'),
  statedReasons: none('reasons of accounts, for supervisors and auditors; the reading is on record'),

  // The access log and its proofs.
  journal: log,
  journalAccounts: log,
  retentionRuns: log,
  looks: log,
  exportLooks: log,
  proof: log,
  addRemark: log,

  documentStatus: none('signed updates from the document system; answers nothing'),
  undeliveredDocuments: none('numbers and times'),
  retryDocument: none('a message’s delivery'),

  // No citizen.
  healthz: probe,
  readyz: probe,
  metrics: probe,
  openapi: none('describes the API'),
  signIn: self,
  signOut: self,
  signInMethods: self,
  passkeyOptions: self,
  signInWithPasskey: self,
  goToProvider: self,
  linkProvider: self,
  comeFromProvider: self,
  signOutOfProvider: self,
  providerLogout: none('a signed message of the identity provider'),
  myFactors: self,
  newPasskeyOptions: self,
  addPasskey: self,
  newTotpSecret: self,
  addTotp: self,
  newRecoveryCodes: self,
  removeFactor: self,
  me: self,
  myAgreement: self,
  signAgreement: self,
  myPhone: desk,
  admitMyPhone: desk,
  finishMyCall: desk,
  myDeskPhone: desk,
  myAccess: self,
  changeMyPassword: self,
  endMyOtherSessions: self,
  setMyState: desk,
  setMyDevice: desk,
  claimPage: desk,
  actOnMyCall: desk,
  transferTargets: desk,
  transferMyCall: desk,
  consultColleague: desk,
  pauseMyRecording: desk,
  live: none('an agent’s own state and call; all calls in progress for supervisors'),
  contacts: departments,
  contactRegister: departments,
  contactVersions: departments,
  addContact: departments,
  changeContact: departments,
  closeContact: departments,
  queues: none('how many wait'),
  lineNow: none('what is set on the line, for supervisors'),
  wrapUpCodes: none('the city’s own codes of what calls are about'),
  skills: staff,
  setSkills: staff,
  skillVersions: staff,
  declaredDays: line,
  declaredDay: line,
  declareDay: line,
  configuration: line,
  configurationVersions: line,
  configurationVersion: line,
  checkConfiguration: line,
  dryRun: line,
  outboundDryRun: line,
  textSample: line,
  publishConfiguration: line,
  connections: systems,
  testConnection: systems,
  prompts: prompts,
  promptSound: prompts,
  promptVersions: prompts,
  promptVersionSound: prompts,
  preparePrompt: prompts,
  openDictation: prompts,
  dictation: prompts,
  closeDictation: prompts,
  publishPrompt: prompts,
  setAgentState: none('the ACD: an agent’s state, by supervisors'),
  agentDay: none('an agent’s conversations and times, counted: their own, and all for supervisors'),
  agreement: staff,
  publishAgreement: staff,
  cityHall: settings,
  cityArms: settings,
  previewAgreement: staff,
  accounts: staff,
  addAccount: staff,
  checkPeople: staff,
  importPeople: staff,
  changeAccount: staff,
  closeAccount: staff,
  resetAccount: staff,
  accountProposals: staff,
  confirmProposal: staff,
  refuseProposal: staff,
  openActivation: staff,
  activationPasskeyOptions: self,
  activate: staff,
  programTokens: staff,
  enterProgramToken: staff,
  endProgramToken: staff,
  myProgramTokens: self,
  acceptProgramToken: self,
  webhookReceivers: programs,
  addWebhookReceiver: programs,
  changeWebhookReceiver: programs,
  renewWebhookSecret: programs,
  endWebhookReceiver: programs,
  webhookDeliveries: programs,
  replayWebhook: programs,
  replayFailedWebhooks: programs,
  employers: staff,
  endContract: staff,
  renewContract: staff,
  demoAccounts: staff,
  demoSignIn: staff,
  demoCallMe: none('sends an invented citizen'),
  papers: words,
  addPaper: words,
  changePaper: words,
  paperSynonyms: words,
  setPaperSynonym: words,
  stalePapers: words,
  paperVersions: words,
  paperDrafts: words,
  paperDraft: words,
  publishPaperDraft: words,
  returnPaperDraft: words,
  withdrawPaperDraft: words,
  retirePaper: words,
  bringBackPaper: words,
  retiredPapers: words,
  countPaperMiss: words,
  paperMisses: words,
  notices: words,
  addNotice: words,
  endNotice: words,
}
