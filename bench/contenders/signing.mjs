/**
 * This library's signer alone: from a call's parameters to the body and signature that go out, each time with a new time
 * and nonce, as every call needs them.
 */
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as ManagedRuntime from "effect/ManagedRuntime"
import { clouds } from "./clouds.mjs"
import { inFibers } from "./effects.mjs"
import { doors } from "./line.mjs"

// Of classes: objects of this file's literals could be taken for long-lived ones and be collected late.
class Request {
  method = "POST"
  path = "/"
  query = nothing
  headers = headers
  constructor(body) {
    this.body = body
  }
}

class AwsCall {
  operation = "AssumeRole"
  service = "sts"
  region = clouds.aws.region
  time = Date.now()
  request = new Request(new URLSearchParams(form).toString())
}

class AlibabaCall {
  action = "AssumeRole"
  version = "2015-04-01"
  parameters = parameters
  host = "sts.aliyuncs.com"
  time = Date.now()
  nonce = crypto.randomUUID()
}

const nothing = []
const headers = {
  host: "sts.eu-central-1.amazonaws.com",
  "content-type": "application/x-www-form-urlencoded"
}
const form = { Action: "AssumeRole", Version: "2011-06-15", ...clouds.aws.parameters }
// In the order of their names, as this library's calls state them.
const parameters = Object.fromEntries(Object.entries(clouds.alibaba.parameters).sort())

const signable = { aws: () => new AwsCall(), alibaba: () => new AlibabaCall() }

export const open = async (_, { cloud, signer = "usual" }) => {
  const { door, signers } = doors[cloud]
  const runtime = ManagedRuntime.make(Layer.merge(door.Static.layer(clouds[cloud].key), signers[signer]))
  const { credentials, signing } = await runtime.runPromise(
    Effect.all({
      credentials: Effect.flatMap(door.CredentialProvider, ({ get }) => get),
      signing: door.Signer
    })
  )
  return inFibers(
    runtime,
    Effect.suspend(() => signing.sign(signable[cloud](), credentials))
  )
}
