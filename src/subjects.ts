/** The subjects of the API. A new subject is a folder in `http/` and one line here. */
import type { Subject } from './http/route-context.ts'
import { probeRoutes } from './http/nodes/probes.ts'
import { cityHallRoutes } from './http/city-hall/routes.ts'
import { sessionRoutes } from './http/session/routes.ts'
import { passkeyRoutes } from './http/sign-in/passkey-routes.ts'
import { providerRoutes } from './http/sign-in/provider-routes.ts'
import { factorRoutes } from './http/sign-in/factor-routes.ts'
import { meRoutes } from './http/session/me-routes.ts'
import { phoneSocketRoutes } from './http/session/phone-socket-routes.ts'
import { accessRoutes } from './http/access/routes.ts'
import { myAccountRoutes } from './http/my-account/routes.ts'
import { callRoutes } from './http/calls/routes.ts'
import { recordingRoutes } from './http/recordings/routes.ts'
import { liveRoutes } from './http/live/routes.ts'
import { agentRoutes } from './http/agents/routes.ts'
import { skillRoutes } from './http/skills/routes.ts'
import { consultRoutes } from './http/consult/routes.ts'
import { transferRoutes } from './http/transfer/routes.ts'
import { supervisionRoutes } from './http/supervision/routes.ts'
import { outboundRoutes } from './http/outbound/routes.ts'
import { configurationRoutes } from './http/configuration/routes.ts'
import { declaredDayRoutes } from './http/declared-days/routes.ts'
import { promptRoutes } from './http/prompts/routes.ts'
import { connectionRoutes } from './http/connections/routes.ts'
import { contactRoutes } from './http/contacts/routes.ts'
import { contactRegisterRoutes } from './http/contacts/register-routes.ts'
import { blockedCallerRoutes } from './http/blocked-callers/routes.ts'
import { callerNoticeRoutes } from './http/caller-notices/routes.ts'
import { voicemailRoutes } from './http/voicemails/routes.ts'
import { queueRoutes } from './http/queues/routes.ts'
import { agreementRoutes } from './http/agreement/routes.ts'
import { accountRoutes } from './http/accounts/routes.ts'
import { programRoutes } from './http/programs/routes.ts'
import { webhookRoutes } from './http/webhooks/routes.ts'
import { webhookDeliveryRoutes } from './http/webhooks/delivery-routes.ts'
import { peopleImportRoutes } from './http/people-import/routes.ts'
import { proposalRoutes } from './http/accounts/proposal-routes.ts'
import { employerRoutes } from './http/accounts/employer-routes.ts'
import { requestRoutes } from './http/requests/routes.ts'
import { requestDraftRoutes } from './http/requests/drafts-routes.ts'
import { requestReadingRoutes } from './http/requests/reading-routes.ts'
import { requestStatusRoutes } from './http/requests/status-routes.ts'
import { registrationProofRoutes } from './http/requests/registration-proof-routes.ts'
import { trackingRoutes } from './http/requests/tracking-routes.ts'
import { journalRoutes } from './http/journal/routes.ts'
import { journalRemarkRoutes } from './http/journal/remark-routes.ts'
import { articleRoutes } from './http/knowledge/routes.ts'
import { articleDraftRoutes } from './http/knowledge/draft-routes.ts'
import { articleEditingRoutes } from './http/knowledge/editing-routes.ts'
import { articleUpkeepRoutes } from './http/knowledge/upkeep-routes.ts'
import { noticeRoutes } from './http/knowledge/notice-routes.ts'
import { nodeRoutes } from './http/nodes/routes.ts'
import { identityRoutes } from './http/identity/routes.ts'
import { identityLockRoutes } from './http/identity/lock-routes.ts'
import { taxRoutes } from './http/taxes/routes.ts'
import { filedDocumentRoutes } from './http/documents/routes.ts'
import { documentStatusRoutes } from './http/documents/status-routes.ts'

export const subjects: readonly Subject[] = [
  probeRoutes,
  cityHallRoutes,
  sessionRoutes,
  passkeyRoutes,
  providerRoutes,
  factorRoutes,
  meRoutes,
  phoneSocketRoutes,
  myAccountRoutes,
  callRoutes,
  accessRoutes,
  recordingRoutes,
  voicemailRoutes,
  liveRoutes,
  agentRoutes,
  skillRoutes,
  transferRoutes,
  consultRoutes,
  supervisionRoutes,
  outboundRoutes,
  queueRoutes,
  contactRoutes,
  contactRegisterRoutes,
  configurationRoutes,
  connectionRoutes,
  declaredDayRoutes,
  promptRoutes,
  blockedCallerRoutes,
  callerNoticeRoutes,
  agreementRoutes,
  accountRoutes,
  proposalRoutes,
  peopleImportRoutes,
  employerRoutes,
  programRoutes,
  webhookRoutes,
  webhookDeliveryRoutes,
  requestRoutes,
  requestDraftRoutes,
  requestReadingRoutes,
  requestStatusRoutes,
  registrationProofRoutes,
  trackingRoutes,
  journalRoutes,
  journalRemarkRoutes,
  articleRoutes,
  articleEditingRoutes,
  articleDraftRoutes,
  articleUpkeepRoutes,
  noticeRoutes,
  nodeRoutes,
  identityRoutes,
  identityLockRoutes,
  taxRoutes,
  filedDocumentRoutes,
  documentStatusRoutes,
]
