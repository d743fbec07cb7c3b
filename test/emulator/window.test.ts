/**
 * The emulator's window: what it shows of requests, and what is wrong with their signatures in the words of what usually is.
 */
import { assert, describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Control from "../../src/emulator/Control.js"
import type { Decision } from "../../src/emulator/Policy.js"
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

const bodyFor = (roleArn: string): string =>
  `Action=AssumeRole&Version=2011-06-15&RoleSessionName=window&RoleArn=${encodeURIComponent(roleArn)}`

const awsBody = bodyFor(AwsSeed.arns.role)

const awsRequest = (mistake: AwsMistake = {}, body = awsBody): WireRequest => {
  const { secret = secretAccessKey, service = "sts", signedBody = body, signedHost = host } = mistake
  const { headers } = sigV4.sign(
    {
      request: {
        method: "POST",
        path: "/",
        query: [],
        headers: { ...form, host: signedHost },
        body: signedBody
      },
      region: AwsSeed.region,
      service,
      time: 0
    },
    { accessKeyId: AwsSeed.keys.user.accessKeyId, secretAccessKey: Redacted.make(secret) }
  )
  const authorization = (headers["authorization"] ?? "").replace(`/${service}/`, "/sts/")
  return {
    method: "POST",
    path: "/",
    query: "",
    headers: { ...headers, host, authorization },
    body: utf8.encode(body)
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

  it.effect("is absent when the signature is right", () =>
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
  ])("is found for %s in RPC", ([, change, cause]) =>
    Effect.gen(function* () {
      const { signature } = yield* shown(rpcRequest(change))
      assert.include(signature.cause, cause)
    }).pipe(emulated)
  )

  it.effect("is found for a changed body and for a secret with a line end, in ACS3", () =>
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

describe("the statement that decided", () => {
  const decisionsOf = (request: WireRequest) =>
    Effect.map(shown(request), ({ decisions }) => decisions as ReadonlyArray<Decision>)

  it.effect("is shown for the caller's policies and for the role's trust policy", () =>
    Effect.gen(function* () {
      const [trust, own, ...others] = yield* decisionsOf(awsRequest())
      assert.deepInclude(trust, { policies: `trust policy of ${AwsSeed.arns.role}`, effect: "Allow" })
      assert.deepStrictEqual(trust?.statement?.Principal, { AWS: AwsSeed.arns.root })
      assert.deepInclude(own, { policies: `policies of ${AwsSeed.arns.user}`, effect: "Allow" })
      assert.deepInclude(own?.statement, { Action: "sts:*" })
      assert.deepStrictEqual(others, [])
    }).pipe(emulated)
  )

  it.effect.each<
    readonly [role: "externalIdRole" | "chainedRole" | "nobodysRole", misfit: string | undefined]
  >([
    ["externalIdRole", "Condition"],
    ["chainedRole", "Principal"],
    ["nobodysRole", undefined]
  ])("is the closest one where none of %s allows", ([role, misfit]) =>
    Effect.gen(function* () {
      const arn = AwsSeed.arns[role]
      const { decisions, message } = yield* shown(awsRequest({}, bodyFor(arn)))
      const [trust] = decisions
      assert.strictEqual(trust.policies, `trust policy of ${arn}`)
      assert.isUndefined(trust.effect)
      assert.strictEqual(trust.misfit, misfit)
      assert.strictEqual(trust.statement === undefined, misfit === undefined)
      assert.include(message, "is not authorized to perform: sts:AssumeRole")
    }).pipe(emulated)
  )

  it.effect("is found from the role too", () =>
    Effect.gen(function* () {
      yield* shown(awsRequest())
      const { accounts, requests } = yield* json("window/state")
      const { roles } = accounts.find(({ id }: { readonly id: string }) => id === AwsSeed.accountId)
      const { trust } = roles.find(({ name }: { readonly name: string }) => name === "reader")
      assert.deepInclude(requests.at(-1).decided, {
        action: "sts:AssumeRole",
        effect: "Allow",
        policies: trust
      })
    }).pipe(emulated)
  )

  it.effect("is the one that denies, whatever else allows", () =>
    Effect.gen(function* () {
      const { aws } = yield* Emulator.Emulator
      const denial = { Effect: "Deny", Action: "sts:AssumeRole", Resource: "*" } as const
      yield* aws.updateAccounts((accounts) =>
        accounts.map((account) => ({
          ...account,
          users: account.users.map((user) => ({
            ...user,
            policies: [...user.policies, { Version: "2012-10-17", Statement: [denial] }]
          }))
        }))
      )
      const [, own] = yield* decisionsOf(awsRequest())
      assert.strictEqual(own?.effect, "Deny")
      assert.deepStrictEqual<unknown>(own?.statement, denial)
    }).pipe(emulated)
  )

  it.effect("is shown for providers and for services that assume a role", () =>
    Effect.gen(function* () {
      const { alibaba } = yield* Emulator.Emulator
      const token = Redacted.value(
        yield* alibaba.mintOidcToken({ subject: "system:serviceaccount:other:app" })
      )
      const parameters = {
        Action: "AssumeRoleWithOIDC",
        Version: "2015-04-01",
        Timestamp: timestamp(0),
        RoleArn: AlibabaSeed.arns.oidcRole,
        OIDCProviderArn: AlibabaSeed.arns.oidcProvider,
        OIDCToken: token,
        RoleSessionName: "window"
      }
      const [provided] = yield* decisionsOf({
        method: "POST",
        path: "/",
        query: "",
        headers: { host, ...form },
        body: utf8.encode(String(new URLSearchParams(parameters)))
      })
      assert.deepInclude(provided, {
        policies: `trust policy of ${AlibabaSeed.arns.oidcRole}`,
        misfit: "Condition"
      })
      const [hosted] = yield* decisionsOf({
        method: "GET",
        path: `/latest/meta-data/iam/security-credentials/${AwsSeed.instance.role}`,
        query: "",
        headers: { host },
        body: new Uint8Array()
      })
      assert.deepStrictEqual(hosted?.statement?.Principal, { Service: "ec2.amazonaws.com" })
      assert.strictEqual(hosted?.effect, "Allow")
    }).pipe(emulated)
  )
})

describe("the window", () => {
  it.effect("loads nothing from elsewhere, and answers to local names only", () =>
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

  it.effect("shows accounts, sessions and faults, and secrets only on request", () =>
    Effect.gen(function* () {
      const emulator = yield* Emulator.Emulator
      yield* shown(awsRequest())
      const [session] = yield* emulator.aws.sessions
      if (session === undefined) return assert.fail("there is no session")
      const token = Redacted.value(session.token)
      const { headers } = sigV4.sign(
        {
          request: { method: "POST", path: "/", query: [], headers: { ...form, host }, body: awsBody },
          region: AwsSeed.region,
          service: "sts",
          time: 0
        },
        { accessKeyId: session.accessKeyId, secretAccessKey: session.secret, sessionToken: session.token }
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
