import { assert, describe, it } from "@effect/vitest"
import * as Redacted from "effect/Redacted"
import {
  canonicalPath,
  canonicalQuery,
  deriveKey,
  headersFrom,
  presign,
  type Request,
  sign,
  signedHeaderNames,
  signingKey
} from "../../../src/protocol/aws/sigV4.js"
import { amzDate } from "../../../src/protocol/encoding.js"

const request: Request = {
  method: "POST",
  path: "/",
  query: [],
  headers: { host: "sts.us-east-1.amazonaws.com", "content-type": "application/x-www-form-urlencoded" },
  body: "Action=GetCallerIdentity&Version=2011-06-15"
}

const key = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: Redacted.make("kept-to-myself") }
const temporary = { ...key, sessionToken: Redacted.make("a-token") }
const context = { region: "us-east-1", service: "sts", time: Date.UTC(2026, 0, 31, 12) }

describe("a signed request", () => {
  it("has time, key, scope and signed headers, and never the secret", () => {
    const signed = sign({ ...context, request }, key)
    assert.match(
      signed.headers["authorization"] ?? "",
      /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/20260131\/us-east-1\/sts\/aws4_request, SignedHeaders=content-type;host;x-amz-date, Signature=[0-9a-f]{64}$/
    )
    assert.strictEqual(signed.headers["x-amz-date"], "20260131T120000Z")
    assert.notInclude(JSON.stringify(signed), "kept-to-myself")
  })

  it("keeps its own headers and leaves the given ones alone", () => {
    const headers = Object.freeze({ ...request.headers, "user-agent": "me" })
    const signed = sign({ ...context, request: { ...request, headers } }, temporary)
    assert.include(signed.headers, headers)
    assert.notInclude(signed.canonicalRequest, "user-agent")
  })

  it("signs the session token, or adds it afterwards", () => {
    const within = sign({ ...context, request }, temporary)
    const after = sign({ ...context, request, variant: { signToken: false } }, temporary)
    assert.strictEqual(within.headers["x-amz-security-token"], "a-token")
    assert.strictEqual(after.headers["x-amz-security-token"], "a-token")
    assert.include(within.canonicalRequest, "x-amz-security-token:a-token")
    assert.strictEqual(after.signature, sign({ ...context, request }, key).signature)
  })

  it("is signed with the given hash", () => {
    const headers = { ...request.headers, "x-amz-content-sha256": "UNSIGNED-PAYLOAD" }
    assert.match(
      sign({ ...context, request: { ...request, headers } }, key).canonicalRequest,
      /\nUNSIGNED-PAYLOAD$/
    )
  })

  it("may have bytes for a body", () => {
    const body = new TextEncoder().encode(String(request.body))
    assert.strictEqual(
      sign({ ...context, request: { ...request, body } }, key).signature,
      sign({ ...context, request }, key).signature
    )
  })

  it("cannot be signed with a secret that has been wiped from memory", () => {
    const secretAccessKey = Redacted.make("wiped")
    sign({ ...context, request }, { ...key, secretAccessKey })
    Redacted.wipeUnsafe(secretAccessKey)
    assert.throws(() => sign({ ...context, request }, { ...key, secretAccessKey }))
  })
})

describe("a signed URL", () => {
  it("ends with its signature, with or without the body", () => {
    const names = (parameters: ReturnType<typeof presign>["parameters"]) => parameters.map(([name]) => name)
    const signed = presign({ ...context, request }, temporary, 60)
    assert.deepStrictEqual(names(signed.parameters), [
      "X-Amz-Algorithm",
      "X-Amz-Credential",
      "X-Amz-Date",
      "X-Amz-SignedHeaders",
      "X-Amz-Expires",
      "X-Amz-Security-Token",
      "X-Amz-Signature"
    ])
    const unsigned = presign({ ...context, request, variant: { signBody: false } }, key, 60)
    assert.match(unsigned.canonicalRequest, /\nUNSIGNED-PAYLOAD$/)
  })
})

describe("canonical forms", () => {
  it("sort a query by name, then value, encoded", () => {
    assert.strictEqual(
      canonicalQuery([
        ["b", "2"],
        ["a-", "x"],
        ["a", "2"],
        ["a", "10"],
        ["é", " "]
      ]),
      "%C3%A9=%20&a=10&a=2&a-=x&b=2"
    )
  })

  it.each([
    ["", "/"],
    ["/", "/"],
    ["/a/./b//c/", "/a/b/c/"],
    ["/a/../../b", "/b"],
    ["/a%20b", "/a%2520b"]
  ])("of the path %j is %j", (path, expected) => {
    assert.strictEqual(canonicalPath(path, true), expected)
  })

  it("join repeated headers", () => {
    assert.deepStrictEqual(
      headersFrom([
        ["A", "2"],
        ["a", "1"],
        ["constructor", "x"]
      ]),
      { a: "2,1", constructor: "x" }
    )
  })

  it("leave out headers that change on the way", () => {
    const headers = { "user-agent": "", authorization: "", "proxy-x": "", "sec-x": "", host: "", "a-b": "" }
    assert.strictEqual(signedHeaderNames(headers).text, "a-b;host")
  })

  it("format time without dashes", () => {
    assert.strictEqual(amzDate(Date.UTC(2026, 0, 31, 12, 1, 2, 999)), "20260131T120102Z")
    assert.strictEqual(amzDate(0), "19700101T000000Z")
  })
})

describe("a signing key", () => {
  const scope = { day: "20260131", region: "us-east-1", service: "sts" }

  it("is derived once for each scope of a secret, and again when many came since", () => {
    const secret = Redacted.make("secret")
    const first = signingKey(secret, scope)
    assert.strictEqual(signingKey(secret, { ...scope }), first)
    assert.notStrictEqual(signingKey(Redacted.make("secret"), scope), first)
    for (let day = 1; day <= 8; day++) signingKey(secret, { ...scope, day: `2026020${day}` })
    assert.notStrictEqual(signingKey(secret, scope), first)
    assert.strictEqual(signingKey(secret, scope).sign("x", "hex"), first.sign("x", "hex"))
  })

  it("is the one that AWS's guide derives", () => {
    assert.strictEqual(
      Buffer.from(
        deriveKey("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", {
          day: "20150830",
          region: "us-east-1",
          service: "iam"
        })
      ).toString("hex"),
      "c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9"
    )
  })
})
