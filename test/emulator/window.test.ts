/**
 * The emulator's window: what it shows of requests, and what is wrong with their signatures in the words of what usually is.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Control from "../../src/emulator/Control.js"
import type { WireRequest } from "../../src/emulator/Service.js"
import * as acs3 from "../../src/protocol/alibaba/acs3.js"
import * as rpc from "../../src/protocol/alibaba/rpc.js"
import * as sigV4 from "../../src/protocol/aws/sigV4.js"
import { timestamp } from "../../src/protocol/encoding.js"
import { AlibabaSeed, AwsSeed, Emulator, Fault } from "../../src/testing.js"

const emulated = Effect.provide(Emulator.layerWith({ randomSeed: 1 }))
const utf8 = new TextEncoder()
const host = "127.0.0.1:4100"

const get = (path: string, headers: Readonly<Record<string, string>> = {}) => {
  const [name = "", query = ""] = path.split("?")
  const request: WireRequest = {
    method: "GET",
    path: `/_emulator/${name}`,
    query,
    headers: { host, ...headers },
    body: new Uint8Array()
  }
  return Effect.gen(function* () {
    const { reply } = yield* Control.handle(yield* Emulator.Emulator, request)
    return reply
  })
}

const json = (path: string) => Effect.map(get(path), ({ body }) => JSON.parse(body))

/** Sends a request, and gives what the window tells of it. */
const shown = (request: WireRequest, secrets = false) =>
  Effect.gen(function* () {
    const emulator = yield* Emulator.Emulator
    yield* emulator.handle(request)
    const { requests } = yield* json("window/state")
    const { number } = requests.at(-1)
    return yield* json(`window/request?number=${number}${secrets ? "&secrets=shown" : ""}`)
  })

const secretAccessKey = Redacted.value(AwsSeed.keys.user.secretAccessKey)
const form = { "content-type": "application/x-www-form-urlencoded" }

interface AwsMistake {
  readonly secret?: string
  readonly signedHost?: string
  readonly signedBody?: string
  readonly service?: string
}

const awsBody = `Action=AssumeRole&Version=2011-06-15&RoleSessionName=window&RoleArn=${encodeURIComponent(AwsSeed.arns.role)}`

const awsRequest = (mistake: AwsMistake = {}): WireRequest => {
  const { secret = secretAccessKey, service = "sts", signedBody = awsBody, signedHost = host } = mistake
  const { headers } = sigV4.sign(
    { method: "POST", path: "/", query: [], headers: { ...form, host: signedHost }, body: signedBody },
    { accessKeyId: AwsSeed.keys.user.accessKeyId, secretAccessKey: Redacted.make(secret) },
    { region: AwsSeed.region, service, time: 0 }
  )
  const authorization = (headers["authorization"] ?? "").replace(`/${service}/`, "/sts/")
  return {
    method: "POST",
    path: "/",
    query: "",
    headers: { ...headers, host, authorization },
    body: utf8.encode(awsBody)
  }
}

describe("the cause of a wrong signature", () => {
  it.effect.each<readonly [mistake: AwsMistake, cause: string, differs: string | undefined]>([
    [{ secret: `${secretAccessKey}\n` }, "a line end after it", undefined],
    [{ secret: ` ${secretAccessKey}` }, "a space before it", undefined],
    [{ secret: Redacted.value(AwsSeed.keys.root.secretAccessKey) }, AwsSeed.keys.root.accessKeyId, undefined],
    [{ signedHost: "127.0.0.1" }, "signed for the host 127.0.0.1 and sent to", "host:127.0.0.1"],
    [{ signedHost: "sts.amazonaws.com" }, "signed for the host sts.amazonaws.com", "host:"],
    [{ signedBody: "" }, "An empty body was signed", undefined],
    [{ secret: "nobody's" }, "Nothing that usually goes wrong", undefined]
  ])("is told of %j on AWS", ([mistake, cause, differs]) =>
    Effect.gen(function* () {
      const { signature, verdict } = yield* shown(awsRequest(mistake))
      assert.strictEqual(verdict, "SignatureDoesNotMatch")
      assert.include(signature.cause, cause)
      if (differs !== undefined) {
        const { canonicalRequest, difference, signed } = signature
        assert.isTrue(canonicalRequest.slice(0, difference).includes(differs))
        assert.strictEqual(canonicalRequest.slice(0, difference), signed.slice(0, difference))
        assert.notStrictEqual(canonicalRequest[difference], signed[difference])
      }
    }).pipe(emulated)
  )

  it.effect("is none of a right one, whose texts are the client's own", () =>
    Effect.gen(function* () {
      const { signature, verdict } = yield* shown(awsRequest())
      assert.strictEqual(verdict, "OK")
      assert.isUndefined(signature.cause)
      assert.strictEqual(signature.expected, signature.sent)
      assert.match(signature.canonicalRequest, /^POST\n\/\n\n/)
      assert.match(signature.stringToSign, /^AWS4-HMAC-SHA256\n19700101T000000Z\n19700101\/us-east-1\/sts\//)
    }).pipe(emulated)
  )

  const { accessKeyId, accessKeySecret } = AlibabaSeed.keys.user

  const rpcRequest = (
    change: (signed: string) => string,
    secret = Redacted.value(accessKeySecret)
  ): WireRequest => {
    const call = { action: "GetCallerIdentity", version: "2015-04-01", parameters: { Note: "a b*" }, time: 0 }
    const { body, stringToSign } = rpc.sign({ ...call, nonce: "1" }, { accessKeyId, accessKeySecret })
    const signature = encodeURIComponent(rpc.signature(secret, change(stringToSign)))
    return {
      method: "POST",
      path: "/",
      query: "",
      headers: { host, ...form },
      body: utf8.encode(body.replace(/Signature=[^&]*$/, `Signature=${signature}`))
    }
  }

  it.effect.each<readonly [name: string, change: (signed: string) => string, cause: string]>([
    ["a method", (text) => text.replace("POST", "GET"), "signed as GET and sent as POST"],
    ["spaces", (text) => text.replaceAll("%2520", "%2B"), "Spaces were signed as +"],
    ["asterisks", (text) => text.replaceAll("%252A", "%2A"), "Asterisks were signed plain"]
  ])("is told of %s in RPC", ([, change, cause]) =>
    Effect.gen(function* () {
      const { signature } = yield* shown(rpcRequest(change))
      assert.include(signature.cause, cause)
    }).pipe(emulated)
  )

  it.effect("is told of a body that was changed, and of a secret with a line end, in ACS3", () =>
    Effect.gen(function* () {
      const request = (secret: string, sent: string): WireRequest => {
        const contentSha256 = acs3.sha256("a=1")
        const headers = {
          host,
          ...form,
          "x-acs-action": "GetCallerIdentity",
          "x-acs-version": "2015-04-01",
          "x-acs-date": timestamp(0),
          "x-acs-signature-nonce": sent,
          "x-acs-content-sha256": contentSha256
        }
        const { authorization } = acs3.authorization(
          { method: "POST", path: "/", query: {}, headers, contentSha256 },
          { accessKeyId, accessKeySecret: secret }
        )
        return {
          method: "POST",
          path: "/",
          query: "",
          headers: { ...headers, authorization },
          body: utf8.encode(sent)
        }
      }
      const secret = Redacted.value(accessKeySecret)
      assert.isUndefined((yield* shown(request(secret, "a=1"))).signature.cause)
      assert.include((yield* shown(request(secret, "a=2"))).signature.cause, "changed after it was signed")
      assert.include((yield* shown(request(`${secret}\n`, "a=1"))).signature.cause, "a line end after it")
    }).pipe(emulated)
  )
})

describe("the window", () => {
  it.effect("is a page that asks nobody else, and that no other name or site gets", () =>
    Effect.gen(function* () {
      const page = yield* get("")
      assert.strictEqual(page.status, 200)
      assert.match(page.headers["content-security-policy"] ?? "", /^default-src 'none'/)
      assert.notMatch(page.headers["content-security-policy"] ?? "", /unsafe|\*|https?:/)
      assert.notMatch(page.body, /style=|onclick=|<script>|https?:/)
      for (const path of ["", "window.js", "window.css", "window/state", "window/request?number=1"]) {
        assert.strictEqual((yield* get(path, { host: "rebound.example" })).status, 403, path)
      }
      assert.strictEqual((yield* get("window/else")).status, 404)
      assert.strictEqual((yield* get("window/request?number=0")).status, 404)
    }).pipe(emulated)
  )

  it.effect("shows accounts, sessions and faults, and secrets only where they are asked for", () =>
    Effect.gen(function* () {
      const emulator = yield* Emulator.Emulator
      yield* shown(awsRequest())
      const [session] = yield* emulator.aws.sessions
      if (session === undefined) return assert.fail("there is no session")
      const token = Redacted.value(session.token)
      const { headers } = sigV4.sign(
        { method: "POST", path: "/", query: [], headers: { ...form, host }, body: awsBody },
        { accessKeyId: session.accessKeyId, secretAccessKey: session.secret, sessionToken: session.token },
        { region: AwsSeed.region, service: "sts", time: 0 }
      )
      const request = { ...awsRequest(), headers: { ...headers, host } }
      yield* emulator.addFault(Fault.throttled(), { times: 2, operation: "AssumeRole" })
      const hidden = JSON.stringify(yield* shown(request))
      const state = yield* get("window/state")
      for (const text of [hidden, state.body]) {
        for (const secret of [token, Redacted.value(session.secret), secretAccessKey])
          assert.notInclude(text, secret)
      }
      assert.include(hidden, "x-amz-security-token:••••")
      assert.include(JSON.stringify(yield* shown(request, true)), token)

      const { accounts, faults, sessions } = JSON.parse(state.body)
      assert.deepStrictEqual(faults, [
        { fault: { _tag: "Throttled", status: 400 }, times: 1, operation: "AssumeRole" }
      ])
      assert.strictEqual(sessions[0].accessKeyId, session.accessKeyId)
      assert.strictEqual(sessions[0].arn, session.arn)
      const own = accounts.find(({ id }: { readonly id: string }) => id === AwsSeed.accountId)
      const trusted = JSON.stringify(
        own.roles.map(({ trustPolicy }: { readonly trustPolicy: object }) => trustPolicy)
      )
      assert.include(trusted, "sts:AssumeRole")
    }).pipe(emulated)
  )
})
