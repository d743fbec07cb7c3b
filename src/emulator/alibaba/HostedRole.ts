/**
 * Credentials of roles that are given out beside STS: the metadata service of ECS instances, and credentials URIs.
 *
 * Source: "Instance metadata" and "Access other Alibaba Cloud resources with an instance RAM role", Alibaba Cloud ECS User
 * Guide.
 */

import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { timestamp } from "../../protocol/encoding.js"
import * as Metadata from "../Metadata.js"
import { type Note, Ram } from "../Policy.js"
import { type Endpoint, jsonReply, type Route, refusal, type WireRequest } from "../Service.js"
import { Rotating } from "../State.js"
import { type Account, arnOf, type CredentialsUri } from "./Account.js"
import { credentialsOf, type Session, type State } from "./State.js"

/** A session to be. */
type NewSession = Pick<Session, "account" | "name" | "policy" | "role" | "sourceIdentity">

/** How long such a session lasts by default, in seconds. */
export const sessionSeconds = 3_600

/** An account's role under the name of a session. */
export const sessionOf = (account: Account, roleName: string, name: string): NewSession | undefined => {
  const role = account.roles.find((role) => role.name === roleName)
  return role && { account, role, name, policy: undefined, sourceIdentity: undefined }
}

/** The same, where the role trusts the service that assumes it. */
const assumedBy = (
  service: string,
  account: Account,
  roleName: string,
  name: string,
  note: Note
): NewSession | undefined => {
  const session = sessionOf(account, roleName, name)
  const arn = arnOf(account, "role", roleName)
  return session && Ram.trustsService(note, arn, session.role.trustPolicy, service) ? session : undefined
}

const path = "/latest/meta-data/ram/security-credentials/"
const tokenHeader = "x-aliyun-ecs-metadata-token"
const instanceSeconds = 21_600
const instanceMargin = Duration.toMillis("30 minutes")

// The clouds share a port here, and most of the paths.
const recognises = ({ headers, path }: WireRequest): boolean =>
  path.startsWith("/latest/") &&
  (path.startsWith("/latest/meta-data/ram/") ||
    headers["host"] === "100.100.100.200" ||
    Object.keys(headers).some((name) => name.startsWith(tokenHeader)))

const instanceDocument = (session: Session) => ({
  ...credentialsOf(session),
  LastUpdated: timestamp(session.expiration - instanceSeconds * 1_000),
  Code: "Success"
})

/** The service over a state. */
export const instanceMetadata = (state: State): Endpoint => {
  const rotating = new Rotating<Session>(instanceMargin)
  const dialect: Metadata.Dialect<Account> = {
    tokenHeader,
    recognises,
    paths: () => [path],
    accounts: () => state.accounts,
    credentials: (account, { id }, role, _path, now, note) => {
      const session = assumedBy("ecs.aliyuncs.com", account, role, id, note)
      if (session === undefined) {
        return Effect.succeed({ Code: "Failed", Message: `ECS cannot assume the role ${role}.` })
      }
      return Effect.map(
        rotating.get(`${id} ${role}`, now, state.issue(session, instanceSeconds, now)),
        instanceDocument
      )
    }
  }
  return Metadata.make(dialect, state.generator)
}

const uriMargin = Duration.toMillis("15 minutes")

const forbidden = refusal(403, "Forbidden", "The token is missing or wrong.")
const noRole = refusal(404, "EntityNotExist.Role", "The role does not exist.")

interface FoundUri {
  readonly account: Account
  readonly uri: CredentialsUri
}

const findUri = ({ accounts }: State, path: string): FoundUri | undefined =>
  accounts
    .flatMap((account) => (account.credentialsUri ? [{ account, uri: account.credentialsUri }] : []))
    .find(({ uri }) => uri.path === path)

const answer =
  (state: State, rotating: Rotating<Session>, { account, uri }: FoundUri): Route["answer"] =>
  ({ now, parameters }) =>
    Effect.gen(function* () {
      const { path, role, roleSessionName, token } = uri
      if (token !== undefined && parameters["token"] !== Redacted.value(token)) {
        return yield* Effect.fail(forbidden)
      }
      const session = sessionOf(account, role, roleSessionName)
      if (session === undefined) return yield* Effect.fail(noRole)
      const issue = state.issue(session, sessionSeconds, now)
      const issued = yield* rotating.get(`${path} ${role}`, now, issue)
      return jsonReply(now, 200, { Code: "Success", ...credentialsOf(issued) })
    })

/** The server over a state. */
export const credentialsServer = (state: State): Endpoint => {
  const rotating = new Rotating<Session>(uriMargin)
  return {
    proof: "authorization",
    route: ({ method, path }) => {
      const found = findUri(state, path)
      return found !== undefined && method === "GET"
        ? { operation: "CredentialsUri", answer: answer(state, rotating, found) }
        : undefined
    },
    refuse: ({ code, message, status }, { now }) => jsonReply(now, status, { Code: code, Message: message })
  }
}
