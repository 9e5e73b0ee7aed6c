/** All tables and views of the ledger; each subject declares its own. */
import type { AccessTables } from './access/tables.ts'
import type { AccountTables } from './accounts/tables.ts'
import type { AgreementTables } from './agreement/tables.ts'
import type { BlockedCallerTables } from './blocked-callers/tables.ts'
import type { CallerNoticeTables } from './caller-notices/tables.ts'
import type { CallTables } from './calls/tables.ts'
import type { ConfigurationTables } from './configuration/tables.ts'
import type { ConnectionTables } from './connections/tables.ts'
import type { ContactTables } from './contacts/tables.ts'
import type { DocumentTables } from './documents/tables.ts'
import type { IdentityTables } from './identity/tables.ts'
import type { JournalTables } from './journal/tables.ts'
import type { KnowledgeTables } from './knowledge/tables.ts'
import type { ProgramTables } from './programs/tables.ts'
import type { PromptTables } from './prompts/tables.ts'
import type { RecordingTables } from './recordings/tables.ts'
import type { RequestTables } from './requests/tables.ts'
import type { RetentionTables } from './retention/tables.ts'
import type { SignInTables } from './sign-in/tables.ts'
import type { SupervisionTables } from './supervision/tables.ts'
import type { VoicemailTables } from './voicemails/tables.ts'
import type { VolumeTables } from './volumes/tables.ts'
import type { WebhookTables } from './webhooks/tables.ts'

export interface Tables
  extends
    AccessTables,
    AccountTables,
    AgreementTables,
    BlockedCallerTables,
    CallerNoticeTables,
    CallTables,
    ConfigurationTables,
    ConnectionTables,
    ContactTables,
    DocumentTables,
    IdentityTables,
    JournalTables,
    KnowledgeTables,
    ProgramTables,
    PromptTables,
    RecordingTables,
    RequestTables,
    RetentionTables,
    SignInTables,
    SupervisionTables,
    VoicemailTables,
    VolumeTables,
    WebhookTables {}
