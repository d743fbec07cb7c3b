/**
 * A server that gives credentials to who knows its URL.
 *
 * Source: "Manage access credentials", chapter "Credentials URI", Alibaba Cloud SDK documentation.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { refusal } from "../Refusal.js"
import type { Endpoint, Route } from "../Service.js"
import { Rotating } from "../Tokens.js"
import { jsonReply } from "../Wire.js"
import type { Account } from "./Account.js"
import type { Session } from "./Caller.js"
import { sessionOf, sessionSeconds } from "./HostedRole.js"
import type { CredentialsUri } from "./Hosting.js"
import { credentialsOf } from "./Session.js"
import type { State } from "./State.js"

const margin = Duration.toMillis("15 minutes")

const forbidden = refusal(403, "Forbidden", "The token is missing or wrong.")
const noRole = refusal(404, "EntityNotExist.Role", "The role does not exist.")

interface Found {
  readonly account: Account
  readonly uri: CredentialsUri
}

const find = ({ accounts }: State, path: string): Found | undefined =>
  accounts
    .flatMap((account) => (account.credentialsUri ? [{ account, uri: account.credentialsUri }] : []))
    .find(({ uri }) => uri.path === path)

const answer =
  (state: State, rotating: Rotating<Session>, { account, uri }: Found): Route["answer"] =>
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
export const make = (state: State): Endpoint => {
  const rotating = new Rotating<Session>(margin)
  return {
    proof: "authorization",
    route: ({ method, path }) => {
      const found = find(state, path)
      return found !== undefined && method === "GET"
        ? { operation: "CredentialsUri", answer: answer(state, rotating, found) }
        : undefined
    },
    refuse: ({ code, message, status }, { now }) => jsonReply(now, status, { Code: code, Message: message })
  }
}
