/**
 * The metadata service of ECS instances.
 *
 * Source: "Instance metadata" and "Access other Alibaba Cloud resources with an instance RAM role", Alibaba Cloud ECS
 * User Guide.
 */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { timestamp } from "../../protocol/timestamp.js"
import type { Endpoint } from "../Endpoint.js"
import * as Metadata from "../Metadata.js"
import { Rotating } from "../Rotating.js"
import type { WireRequest } from "../Wire.js"
import type { Account } from "./Account.js"
import type { Session } from "./Caller.js"
import { assumedBy } from "./HostedRole.js"
import type { Instance } from "./Hosting.js"
import { credentialsOf } from "./Session.js"
import type { State } from "./State.js"

const path = "/latest/meta-data/ram/security-credentials/"
const tokenHeader = "x-aliyun-ecs-metadata-token"
const seconds = 21_600
const margin = Duration.toMillis("30 minutes")

// The clouds share a port here, and most of the paths.
const recognises = ({ headers, path }: WireRequest): boolean =>
  path.startsWith("/latest/") &&
  (path.startsWith("/latest/meta-data/ram/") ||
    headers["host"] === "100.100.100.200" ||
    Object.keys(headers).some((name) => name.startsWith(tokenHeader)))

interface Found {
  readonly account: Account
  readonly instance: Instance
}

const find = ({ accounts }: State): Found | undefined =>
  accounts.flatMap((account) => (account.instance ? [{ account, instance: account.instance }] : []))[0]

const documentOf = (session: Session) => ({
  ...credentialsOf(session),
  LastUpdated: timestamp(session.expiration - seconds * 1_000),
  Code: "Success"
})

/** The service over a state. */
export const make = (state: State): Endpoint => {
  const rotating = new Rotating<Session>(margin)
  const dialect: Metadata.Dialect = {
    tokenHeader,
    recognises,
    paths: [path],
    instance: () => find(state)?.instance,
    credentials: ({ id }, role, _path, now) => {
      const found = find(state)
      const session = found && assumedBy("ecs.aliyuncs.com", found.account, role, id)
      if (session === undefined) {
        return Effect.succeed({ Code: "Failed", Message: `ECS cannot assume the role ${role}.` })
      }
      return Effect.map(rotating.get(`${id} ${role}`, now, state.issue(session, seconds, now)), documentOf)
    }
  }
  return Metadata.make(dialect, state.generator)
}
