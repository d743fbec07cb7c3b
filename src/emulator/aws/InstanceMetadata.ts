/**
 * The instance metadata service of EC2.
 *
 * Source: "Use the Instance Metadata Service to access instance metadata", Amazon EC2 User Guide.
 */
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { formatTimestamp } from "../../protocol/timestamp.js"
import type { Endpoint } from "../Endpoint.js"
import * as Metadata from "../Metadata.js"
import { Rotating } from "../Rotating.js"
import type { Account } from "./Account.js"
import { assumedBy, hostedMargin, hostedSeconds } from "./HostedRole.js"
import type { Instance } from "./Hosting.js"
import type { Session } from "./Identity.js"
import type { State } from "./State.js"

const path = "/latest/meta-data/iam/security-credentials/"
const extendedPath = "/latest/meta-data/iam/security-credentials-extended/"

interface Found {
  readonly account: Account
  readonly instance: Instance
}

const find = ({ accounts }: State): Found | undefined =>
  accounts.flatMap((account) =>
    account.instance === undefined ? [] : [{ account, instance: account.instance }]
  )[0]

const iso = (millis: number): string => formatTimestamp(Math.floor(millis / 1_000) * 1_000, "iso8601")

const documentOf = ({ accessKeyId, expiration, secretAccessKey, sessionToken }: Session) => ({
  Code: "Success",
  LastUpdated: iso(expiration - hostedSeconds * 1_000),
  Type: "AWS-HMAC",
  AccessKeyId: accessKeyId,
  SecretAccessKey: Redacted.value(secretAccessKey),
  Token: Redacted.value(sessionToken),
  Expiration: iso(expiration)
})

const unauthorized = (role: string, now: number) => ({
  Code: "AssumeRoleUnauthorizedAccess",
  Message: `EC2 cannot assume the role ${role}. Its trust policy does not allow it to.`,
  LastUpdated: iso(now)
})

/** The service over a state. Whatever below `/latest` no other service claims is this one's. */
export const make = (state: State): Endpoint => {
  const rotating = new Rotating<Session>(hostedMargin)
  const dialect: Metadata.Dialect = {
    tokenHeader: "x-aws-ec2-metadata-token",
    recognises: (request) => request.path.startsWith("/latest/"),
    get paths() {
      return find(state)?.instance.extended === false ? [path] : [path, extendedPath]
    },
    instance: () => find(state)?.instance,
    credentials: ({ id }, role, at, now) => {
      const found = find(state)
      const identity = found && assumedBy("ec2.amazonaws.com", found.account, role, id)
      if (identity === undefined) return Effect.succeed(unauthorized(role, now))
      const issue = state.issue(identity, hostedSeconds, now)
      return Effect.map(rotating.get(`${id} ${role}`, now, issue), (session) =>
        at === extendedPath ? { ...documentOf(session), AccountId: identity.account.id } : documentOf(session)
      )
    }
  }
  return Metadata.make(dialect, state.generator)
}
