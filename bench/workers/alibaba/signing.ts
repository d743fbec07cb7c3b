/**
 * Signs the same call in every way, in turns: from the call's parameters to the body and signature that go out, each
 * time with a new time and nonce, as every call needs them.
 */
import { createRequire } from "node:module"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import { key, parameters } from "../../clouds/alibaba.js"
import * as built from "../../support/built.js"
import { inFiber, repeated, serveWays } from "../../support/ways.js"

const require = createRequire(import.meta.url)
const { OpenApiUtil } = require("@alicloud/openapi-core") as typeof import("@alicloud/openapi-core")
const { Request } = require("@darabonba/typescript") as typeof import("@darabonba/typescript")

const { CredentialProvider, Signer, SignerAcs3, SignerRpc, Static } = await built.alibaba()
const acs3 = await built.acs3()
const rpc = await built.rpc()
const { timestamp } = await built.timestamp()
const { encodeSorted } = await built.percentEncoding()

const call = {
  action: "AssumeRole",
  version: "2015-04-01",
  parameters,
  host: "sts.aliyuncs.com"
}

const now = () => ({ ...call, time: Date.now(), nonce: crypto.randomUUID() })

const headers = (timestamp: string, nonce: string) => ({
  host: call.host,
  "content-type": "application/x-www-form-urlencoded",
  "x-acs-action": call.action,
  "x-acs-version": call.version,
  "x-acs-date": timestamp,
  "x-acs-signature-nonce": nonce
})

const credentials = await Effect.runPromise(
  Effect.flatMap(CredentialProvider, (provider) => provider.get).pipe(Effect.provide(Static.layer(key)))
)

const byLayer = (layer: Layer.Layer<InstanceType<typeof Signer>>) => {
  const signer = Effect.runSync(Effect.provide(Signer, layer))
  return inFiber(() => signer.sign(now(), credentials))
}

const pure = {
  acs3: () => {
    const body = encodeSorted(parameters)
    const contentSha256 = acs3.sha256(body)
    const { nonce, time } = now()
    const signed = { ...headers(timestamp(time), nonce), "x-acs-content-sha256": contentSha256 }
    return acs3.authorization({ method: "POST", path: "/", query: {}, headers: signed, contentSha256 }, key)
  },
  rpc: () => rpc.sign(now(), key).body
}

const algorithm = "ACS3-HMAC-SHA256"

/** What the official client does between the parameters and the wire. */
const official = {
  acs3: () => {
    const body = OpenApiUtil.toForm(parameters)
    const digest = OpenApiUtil.hash(Buffer.from(body, "utf8"), algorithm).toString("hex")
    const request = Object.assign(new Request(), {
      method: "POST",
      pathname: "/",
      query: {},
      headers: {
        ...headers(OpenApiUtil.getTimestamp(), OpenApiUtil.getNonce()),
        "x-acs-content-sha256": digest
      }
    })
    return OpenApiUtil.getAuthorization(request, algorithm, digest, key.accessKeyId, key.accessKeySecret)
  },
  rpc: () => {
    const query = OpenApiUtil.query({
      ...parameters,
      Action: call.action,
      Version: call.version,
      Format: "json",
      Timestamp: OpenApiUtil.getTimestamp(),
      SignatureNonce: OpenApiUtil.getNonce(),
      AccessKeyId: key.accessKeyId,
      SignatureMethod: "HMAC-SHA1",
      SignatureVersion: "1.0"
    })
    const Signature = OpenApiUtil.getRPCSignature(query, "POST", key.accessKeySecret)
    return OpenApiUtil.toForm({ ...query, Signature })
  }
}

serveWays({
  "acs3.layer": byLayer(SignerAcs3.layer),
  "acs3.pure": repeated(pure.acs3),
  "acs3.official": repeated(official.acs3),
  "rpc.layer": byLayer(SignerRpc.layer),
  "rpc.pure": repeated(pure.rpc),
  "rpc.official": repeated(official.rpc)
})
