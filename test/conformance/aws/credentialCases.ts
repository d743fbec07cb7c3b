/**
 * The default chain and the profile provider, each case on a machine of its own.
 */
import { notStrictEqual, ok, strictEqual } from "node:assert"
import { readdirSync } from "node:fs"
import { join } from "node:path"
import { inspect } from "node:util"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Outcome from "effect/Result"
import * as Aws from "../../../src/aws.js"
import { RequestPolicy } from "../../../src/index.js"
import * as SharedSettings from "../../../src/layers/aws/SharedSettings.js"
import type { Credentials } from "../../../src/schemas/aws/Credentials.js"
import { type CredentialErrorReason, StsCredentialError } from "../../../src/schemas/StsError.js"
import type { CredentialSource, SourceError } from "../../../src/services/CredentialSource.js"
import type { Case, Suite } from "../Suite.js"
import { hides, type Mounted, mount, type Result, type Services } from "./mounted.js"

/** What we answer instead of another project's words: one of the reasons, and what the error names. */
interface Answer {
  readonly words: RegExp
  readonly reasons: ReadonlyArray<CredentialErrorReason>
  readonly names: RegExp
}

/** Where several know a case's words, one of them must agree. */
const answers: ReadonlyArray<Answer> = [
  // A source that the profile names and that has nothing is an error: the profile is configured.
  { words: /provider was not enabled/, reasons: ["Incomplete"], names: /credential_source|no credentials/ },
  // None is configured.
  {
    words: /provider was not enabled|no providers in chain/,
    reasons: ["NotConfigured"],
    names: /no source is configured|no profile/
  },
  { words: /IMDS is disabled/, reasons: ["Refused"], names: /403/ },
  { words: /failed to read `.*sso\/cache/, reasons: ["Expired"], names: /log ?in|sign/i },
  { words: /`role_arn` was missing/, reasons: ["Incomplete"], names: /role_arn/ },
  { words: /InvalidIdentityToken/, reasons: ["Refused"], names: /InvalidIdentityToken/ },
  { words: /invalid JSON in response/, reasons: ["Malformed"], names: /credential_process|JSON/ },
  { words: /external process/, reasons: ["Unavailable"], names: /credential_process/ },
  { words: /could not parse profile file/, reasons: ["Malformed"], names: /line|header|setting/ },
  { words: /access token instead of credentials/, reasons: ["Incomplete"], names: /sso_account_id/ },
  // The words for whatever a source that was asked came to.
  {
    words: /error occurred while loading credentials/,
    reasons: ["Unavailable", "Refused", "Expired", "Malformed"],
    names: /answered|has no credentials|credential_process/
  }
]

const atEpoch = new Set([
  "imds_default_chain_success",
  "imds_config_with_no_creds",
  "imds_default_chain_retries"
])

const isAtRealTime = (folder: string): boolean => folder.startsWith("imds_") && !atEpoch.has(folder)

const compare = (
  actual: Credentials,
  { access_key_id, account_id, expiry, secret_access_key, session_token }: NonNullable<Result["Ok"]>,
  comparesExpiry: boolean
) => {
  strictEqual(actual.accessKeyId, access_key_id)
  strictEqual(Redacted.value(actual.secretAccessKey), secret_access_key)
  strictEqual(actual.sessionToken && Redacted.value(actual.sessionToken), session_token)
  if (account_id !== undefined) strictEqual(actual.accountId, account_id)
  if (comparesExpiry) {
    strictEqual(actual.expiration && DateTime.toEpochMillis(actual.expiration) / 1000, expiry)
  }
}

const refuses = (error: SourceError, words: string) => {
  const expected = answers.filter((answer) => answer.words.test(words))
  ok(error instanceof StsCredentialError, String(error))
  // For words that nobody has looked at yet: an error it must be, and one that ends the search.
  if (expected.length === 0) return notStrictEqual(error.reason, "NotConfigured", words)
  const text = `${error.message} ${error.key}`
  ok(
    expected.some(({ names, reasons }) => reasons.includes(error.reason) && names.test(text)),
    `${error.reason}: ${text}`
  )
}

type Make = Effect.Effect<CredentialSource<Credentials>, never, Services | Aws.Signer>

const check = (folder: string, machine: Mounted, make: Make) =>
  Effect.gen(function* () {
    const atRealTime = isAtRealTime(folder)
    const get = Effect.flatMap(make, (source) => source.get).pipe(
      RequestPolicy.adjust({ allowHttp: true, maxAttempts: folder === "sso_server_error" ? 1 : 3 }),
      Effect.provide([Aws.SignerV4.layer, SharedSettings.layer])
    )
    const outcome = yield* Effect.result(machine.run(get, atRealTime ? Date.now() : 0))
    hides(machine, inspect(outcome, { depth: 9 }), JSON.stringify(outcome))
    machine.finished()
    const { ErrorContains, Ok } = machine.result
    if (Ok !== undefined)
      compare(
        Outcome.getOrThrowWith(outcome, (error) => error),
        Ok,
        !atRealTime
      )
    else {
      ok(Outcome.isFailure(outcome), "no error")
      refuses(outcome.failure, ErrorContains ?? "")
    }
  })

const casesWith =
  (make: Make) =>
  (path: string): ReadonlyArray<Case> =>
    readdirSync(path).map((folder) => ({
      name: folder,
      check: Effect.suspend(() => check(folder, mount(join(path, folder)), make))
    }))

export const defaultChain: Suite = {
  name: "aws/default-chain",
  cases: casesWith(Aws.DefaultChain.make())
}

export const profileProvider: Suite = {
  name: "aws/profile-provider",
  cases: casesWith(Aws.Profile.make())
}
