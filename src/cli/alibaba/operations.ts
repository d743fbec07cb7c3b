/** Alibaba Cloud's operations as commands. */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Alibaba from "../../alibaba.js"
import { documentation } from "../documentation.js"
import * as Formats from "../formats.js"
import * as Operation from "../operation.js"
import { show } from "../output.js"
import * as Session from "./session.js"

/** Credentials in plain text. */
export const issuedOf = (credentials: Alibaba.Credentials): Formats.Issued => ({
  id: credentials.accessKeyId,
  secret: Redacted.value(credentials.accessKeySecret),
  token: credentials.securityToken && Redacted.value(credentials.securityToken),
  expiration: credentials.expiration && DateTime.formatIso(credentials.expiration)
})

interface Answer {
  readonly credentials: Alibaba.Credentials
}

const give = (answer: Answer, chosen: Formats.Chosen) =>
  Formats.give(Formats.alibaba, issuedOf(answer.credentials), answer, chosen)

const whoami = Operation.make(
  "whoami",
  Alibaba.GetCallerIdentityOperation,
  documentation.alibaba,
  Session.flags,
  (_: Alibaba.GetCallerIdentityInput, options) =>
    Effect.flatMap(Alibaba.getCallerIdentity(), (answer) => show(answer)).pipe(Session.withSession(options))
)

const assumeRole = Operation.make(
  "assume-role",
  Alibaba.AssumeRoleOperation,
  documentation.alibaba,
  { ...Session.flags, ...Formats.flags },
  (request: Alibaba.AssumeRoleInput, options) =>
    Effect.flatMap(Alibaba.assumeRole(request), (answer) => give(answer, options)).pipe(
      Session.withSession(options)
    )
)

/** An operation that gives credentials for somebody else's word. */
const vouched = <Name extends string, Input, E, R>(
  name: Name,
  operation: Parameters<typeof Operation.make>[1],
  call: (request: Input) => Effect.Effect<Answer, E, R>
) =>
  Operation.make(
    name,
    operation,
    documentation.alibaba,
    { region: Session.flags.region, ...Formats.flags },
    (request: Input, options) =>
      Effect.flatMap(call(request), (answer) => give(answer, options)).pipe(
        Session.withSession({ ...options, profile: Option.none() })
      )
  )

/** The commands. */
export const operations = [
  whoami,
  assumeRole,
  vouched("assume-role-with-oidc", Alibaba.AssumeRoleWithOIDCOperation, Alibaba.assumeRoleWithOIDC),
  vouched("assume-role-with-saml", Alibaba.AssumeRoleWithSAMLOperation, Alibaba.assumeRoleWithSAML)
] as const
