/** Proofs of who one is, for others to check: a signed URL and the token of an EKS cluster. */

import * as Clock from "effect/Clock"
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Aws from "../../aws.js"
import { print } from "../output.js"
import * as Session from "../session.js"
import { session as aws } from "./operations.js"

/** A URL that tells whoever asks it who made it. */
export const presign = Command.make(
  "presign",
  {
    ...Session.flags,
    expiresInSeconds: Flag.Int("expires-in-seconds").pipe(
      Flag.withMetavar("SECONDS"),
      Flag.withDefault(900),
      Flag.withDescription(
        "How long the URL is valid, in seconds: 1 to 604800. STS itself takes at most 900."
      )
    ),
    headers: Flag.KeyValuePair("headers").pipe(
      Flag.withMetavar("NAME=VALUE"),
      Flag.withDescription("A header to sign too. May be repeated."),
      Flag.withDefault({})
    )
  },
  ({ expiresInSeconds, headers, ...session }) =>
    Aws.presignGetCallerIdentity({ expiresIn: Duration.seconds(expiresInSeconds), headers }).pipe(
      Effect.flatMap((url) => print(Redacted.value(url))),
      aws.withSession(session)
    )
).pipe(
  Command.withDescription(
    "Print a signed URL of GetCallerIdentity, which proves who you are to Vault and others that call it."
  )
)

// EKS takes a token for 15 minutes; a minute is left for clocks that differ.
const lifetime = 14 * 60_000

/** A token for kubectl. */
export const eksToken = Command.make(
  "eks-token",
  {
    ...Session.flags,
    cluster: Argument.String("cluster").pipe(Argument.withDescription("The cluster's name."))
  },
  ({ cluster, ...session }) =>
    Effect.gen(function* () {
      const token = yield* Aws.eksToken(cluster)
      const now = yield* Clock.currentTimeMillis
      yield* print(
        JSON.stringify({
          kind: "ExecCredential",
          apiVersion: "client.authentication.k8s.io/v1beta1",
          spec: {},
          status: {
            expirationTimestamp: new Date(now + lifetime).toISOString().replace(/\.\d+Z$/, "Z"),
            token: Redacted.value(token)
          }
        })
      )
    }).pipe(aws.withSession(session))
).pipe(Command.withDescription("Print a token for an EKS cluster in the form that kubectl expects."))
