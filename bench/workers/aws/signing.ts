/**
 * Signs the same call in every way, in turns: from the call's parameters to the body and headers that go out, each
 * time with a new time. Keys derived from the secret may be kept, and all ways keep theirs.
 */
import { Hash } from "@smithy/core/serde"
import { SignatureV4 } from "@smithy/signature-v4"
import * as Effect from "effect/Effect"
import { key, parameters, region, request } from "../../clouds/aws.js"
import * as built from "../../support/built.js"
import { awaited, inFiber, repeated, serveWays } from "../../support/ways.js"

const { AssumeRole, CredentialProvider, Signer, SignerV4, Static } = await built.aws()
const { sign } = await built.sigV4()
const query = await built.query()

const service = "sts"
const headers = {
  host: `sts.${region}.amazonaws.com`,
  "content-type": "application/x-www-form-urlencoded"
}

const unsigned = () => ({
  method: "POST",
  path: "/",
  query: [],
  headers,
  body: query.body(AssumeRole.name, AssumeRole.version, AssumeRole.input, request)
})
const context = () => ({ service, region, time: Date.now() })

const { credentials, signer } = await Effect.runPromise(
  Effect.all({ credentials: Effect.flatMap(CredentialProvider, ({ get }) => get), signer: Signer }).pipe(
    Effect.provide(Static.layer(key)),
    Effect.provide(SignerV4.layer)
  )
)

// With the hash that AWS's own client gives it on Node, which is the faster one.
const smithy = new SignatureV4({ service, region, credentials: key, sha256: Hash.bind(null, "sha256") })
const call = { Action: AssumeRole.name, Version: AssumeRole.version, ...parameters }
const signedBySmithy = () =>
  smithy.sign({
    method: "POST",
    protocol: "https:",
    hostname: headers.host,
    path: "/",
    query: {},
    headers,
    body: new URLSearchParams(call).toString()
  })

serveWays({
  layer: inFiber(() =>
    signer.sign({ operation: AssumeRole.name, request: unsigned(), ...context() }, credentials)
  ),
  pure: repeated(() => sign(unsigned(), credentials, context())),
  smithy: awaited(signedBySmithy)
})
