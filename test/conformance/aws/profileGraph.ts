/**
 * How profiles lead to credentials: key pairs, roles over roles, web identity, IAM Identity Center, and circles.
 */
import { deepStrictEqual, ok, strictEqual } from "node:assert"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import { keysIn } from "../../../src/layers/aws/credentials.js"
import { parse } from "../../../src/protocol/aws/profileFile.js"
import { type Plan, plan } from "../../../src/protocol/aws/profileGraph.js"
import type { CredentialErrorReason } from "../../../src/schemas/StsError.js"
import { pure, readJson, type Suite } from "../Suite.js"

type Values = Readonly<Record<string, Readonly<Record<string, string>>>>
type Step = Readonly<Record<string, unknown>>

interface Vector {
  readonly docs: string
  readonly input: {
    readonly profiles: Values
    readonly sso_sessions?: Values
    readonly selected_profile: string
  }
  readonly output: { readonly ProfileChain?: ReadonlyArray<Step>; readonly Error?: string }
}

/** Words of the published errors, and our reason and the setting it names. */
const faults: ReadonlyArray<readonly [words: RegExp, reason: CredentialErrorReason, key?: RegExp]> = [
  [/must contain `source_profile`/, "Incomplete", /^source_profile$/],
  [/both source_profile and credential_source/, "Malformed", /^credential_source$/],
  [/missing aws_secret_access_key/, "Incomplete", /^aws_secret_access_key$/],
  [/missing aws_access_key_id/, "Incomplete", /^aws_access_key_id$/],
  [/could not find source profile/, "UnknownProfile", /^source_profile$/],
  [/profile .* was not defined|no profiles were defined/i, "UnknownProfile"],
  [/infinite loop/, "Malformed", /^source_profile$/],
  [/`role_arn` was missing/, "Incomplete", /^role_arn$/],
  [/`sso_account_id` (must also be set|was missing)/, "Incomplete", /^sso_account_id$/],
  [/`sso_role_name` (must also be set|was missing)/, "Incomplete", /^sso_role_name$/],
  [/can only be specified in the \[sso-session\]/, "Malformed", /^sso_(region|start_url)$/],
  [/sso-session named .* was not found/, "Malformed", /^sso_session$/],
  [/`sso_(region|start_url)`.*(must|missing)/, "Incomplete", /^sso_(region|start_url)$/]
]

/** A profile that another one names must lead somewhere; the chosen one may have settings alone, and then has none. */
const reasonFor = (words: string, chosen: string) => {
  const [, empty] = /profile `(.+)` did not contain credential information/.exec(words) ?? []
  if (empty === undefined) return faults.find(([pattern]) => pattern.test(words))?.[1]
  return empty === chosen ? "NotConfigured" : "Incomplete"
}

const textOf = (prefix: string, sections: Values): string =>
  Object.entries(sections)
    .map(([name, settings]) =>
      [
        `[${prefix} ${name}]`,
        ...Object.entries(settings).map(([key, value]) => `${key} = ${value}`),
        ""
      ].join("\n")
    )
    .join("\n")

const defined = (step: Step): Step =>
  Object.fromEntries(Object.entries(step).filter(([, value]) => value !== undefined))

const firstStep = ({ base, profile }: Plan): Result.Result<Step, unknown> => {
  switch (base._tag) {
    case "Keys":
      return Result.map(
        keysIn("profile", profile),
        ({ accessKeyId, accountId, secretAccessKey, sessionToken }) => ({
          AccessKey: defined({
            access_key_id: accessKeyId,
            secret_access_key: Redacted.value(secretAccessKey),
            session_token: sessionToken && Redacted.value(sessionToken),
            account_id: accountId
          })
        })
      )
    case "WebIdentity":
      return Result.succeed({
        WebIdentityToken: defined({
          role_arn: base.roleArn,
          web_identity_token_file: base.tokenFile,
          role_session_name: base.roleSessionName
        })
      })
    case "Named":
      return Result.succeed({ NamedSource: base.from })
    case "Process":
      return Result.succeed({
        CredentialProcess: defined({
          command: base.command,
          account_id: profile.settings.get("aws_account_id")?.value
        })
      })
    case "Login":
      return Result.succeed({ LoginSession: { login_session_arn: base.loginSession } })
    default:
      return Result.succeed({
        Sso: defined({
          sso_session: base.sessionName,
          sso_account_id: base._tag === "Sso" ? base.accountId : undefined,
          sso_role_name: base._tag === "Sso" ? base.roleName : undefined,
          sso_region: base.region,
          sso_start_url: base.startUrl
        })
      })
  }
}

const steps = (found: Plan): Result.Result<ReadonlyArray<Step>, unknown> =>
  Result.map(firstStep(found), (first) => [
    first,
    ...found.roles.map(({ externalId, roleArn, roleSessionName }) => ({
      AssumeRole: defined({ role_arn: roleArn, external_id: externalId, role_session_name: roleSessionName })
    }))
  ])

const check = ({ input, output }: Vector) => {
  const text = `${textOf("profile", input.profiles)}\n${textOf("sso-session", input.sso_sessions ?? {})}`
  const sections = Result.getOrThrow(parse("config", "config", text))
  const actual = Result.flatMap(plan(sections, input.selected_profile), steps)
  if (output.Error === undefined) {
    deepStrictEqual(Result.getOrThrow(actual), output.ProfileChain)
    return
  }
  ok(Result.isFailure(actual), "no error")
  const words = output.Error
  const fault = actual.failure as { readonly reason: string; readonly key?: string }
  const reason = reasonFor(words, input.selected_profile)
  const key = faults.find(([pattern]) => pattern.test(words))?.[2]
  // Words that nobody has looked at yet stand for some error.
  if (reason !== undefined) strictEqual(fault.reason, reason)
  if (key !== undefined) ok(key.test(fault.key ?? ""), `${fault.key} is named`)
}

export const profileGraph: Suite = {
  name: "aws/profile-graph.json",
  cases: (path) =>
    readJson<ReadonlyArray<Vector>>(path).map((vector) => pure(vector.docs, () => check(vector)))
}
