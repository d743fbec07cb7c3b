/** AWS's credentials for other programs. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import * as Aws from "../../aws.js"
import { type CredentialSource, FileCache, Refreshing, type SourceError } from "../../index.js"
import { aws as names } from "../formats.js"
import type { Dialect } from "../server.js"
import { type Asked, type Cloud, cacheFolder, type Role, rolesOf, type Source } from "../source.js"
import { issuedOf } from "./operations.js"
import * as Session from "./session.js"
import { signIn } from "./signIn.js"

type From = CredentialSource<Aws.Credentials>

const assumed = (base: From, role: Role) => Aws.AssumedRole.make(base, role)

/** The same, kept in files: a role is known by who assumes it and by what is asked of it. */
const assumedAndShared = (base: From, role: Role) =>
  Effect.flatMap(assumed(base, role), (source) =>
    FileCache.make("aws", source, { directory: cacheFolder(), key: FileCache.keyOfRole("aws", base, role) })
  )

/** Opens the source, with everything that it needs for as long as the scope is open. */
const open =
  (role: typeof assumedAndShared, keep: (source: From) => From = (source) => source) =>
  (asked: Asked): Effect.Effect<Source<SourceError>, SourceError, Scope.Scope> =>
    Effect.gen(function* () {
      const context = yield* Layer.build(Session.layer(asked))
      const base: From = Context.get(context, Aws.CredentialProvider)
      const source = keep(
        yield* Effect.reduce(rolesOf(asked), () => base, role).pipe(Effect.provideContext(context))
      )
      return {
        get: source.get.pipe(Effect.map(issuedOf), Session.inRegion(asked), Effect.provideContext(context))
      }
    })

/** What clients of the container's endpoint ask and take. */
const dialect: Dialect = {
  header: true,
  reply: ({ expiration, id, secret, token }) => ({
    AccessKeyId: id,
    SecretAccessKey: secret,
    Token: token,
    Expiration: expiration
  }),
  environment: (url, secret) => ({
    AWS_CONTAINER_CREDENTIALS_FULL_URI: url,
    AWS_CONTAINER_AUTHORIZATION_TOKEN: secret
  })
}

/** AWS. */
export const cloud: Cloud<SourceError> = {
  name: "aws",
  names,
  dialect,
  signIn,
  session: Session.flags,
  fresh: open(assumed),
  shared: open(assumedAndShared),
  kept: open(assumed, (source) => Refreshing.make("aws", source)),
  explain: (asked) =>
    Aws.explain({ profile: Option.getOrUndefined(asked.profile) }).pipe(
      Session.inRegion(asked),
      Effect.provide(Session.layer(asked))
    )
}
