/**
 * Random requests, signed here and by the vendor's own signer.
 */
import { createHash, createHmac, type Hash, type Hmac } from "node:crypto"
import { assert, describe, it } from "@effect/vitest"
import { SignatureV4 } from "@smithy/signature-v4"
import * as Redacted from "effect/Redacted"
import * as FastCheck from "fast-check"
import { type Context, type Key, presign, type Request, sign } from "../../../src/protocol/aws/sigV4.js"
import { millis, pairs, plainName, text } from "../arbitraries.js"

const numRuns = 2_000

const bytes = (data: string | ArrayBuffer | ArrayBufferView): string | Uint8Array =>
  typeof data === "string"
    ? data
    : ArrayBuffer.isView(data)
      ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
      : new Uint8Array(data)

class Sha256 {
  private readonly state: Hash | Hmac
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.state = secret === undefined ? createHash("sha256") : createHmac("sha256", bytes(secret))
  }
  update(data: string | Uint8Array): void {
    this.state.update(data)
  }
  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.state.digest())
  }
}

interface Plain {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken: string | undefined
}

const plainKey: FastCheck.Arbitrary<Plain> = FastCheck.record({
  accessKeyId: FastCheck.hexaString({ minLength: 1, maxLength: 30 }),
  secretAccessKey: FastCheck.oneof(
    FastCheck.base64String({ minLength: 4, maxLength: 60 }),
    FastCheck.fullUnicodeString({ minLength: 1 })
  ),
  sessionToken: FastCheck.option(FastCheck.base64String({ minLength: 4, maxLength: 1_000 }), {
    nil: undefined
  })
})

const keyOf = ({ accessKeyId, secretAccessKey, sessionToken }: Plain): Key => ({
  accessKeyId,
  secretAccessKey: Redacted.make(secretAccessKey),
  sessionToken: sessionToken === undefined ? undefined : Redacted.make(sessionToken)
})

const segment = FastCheck.oneof(
  FastCheck.constantFrom("", ".", "..", "%20", "a b"),
  FastCheck.fullUnicodeString({ maxLength: 8 }).map((characters) => characters.replace(/[/?#]/g, "-"))
)

const path = FastCheck.oneof(
  { weight: 3, arbitrary: FastCheck.constant("/") },
  {
    weight: 2,
    arbitrary: FastCheck.array(segment, { maxLength: 6 }).map((segments) => `/${segments.join("/")}`)
  }
)

// What the vendor's signer replaces or moves to the query is left out.
const headerName = plainName
  .map((name) => name.toLowerCase())
  .filter((name) => name !== "date" && name !== "authorization" && !name.startsWith("x-amz-"))

const alwaysUnsigned = FastCheck.constantFrom(
  "user-agent",
  "connection",
  "expect",
  "proxy-a",
  "sec-fetch-mode"
)

const headerValue = FastCheck.stringOf(FastCheck.constantFrom(...'aZ9 \t,;="/é'), { maxLength: 20 })

const headers = FastCheck.tuple(
  FastCheck.array(FastCheck.tuple(headerName, headerValue), { maxLength: 6 }),
  FastCheck.array(FastCheck.tuple(alwaysUnsigned, headerValue), { maxLength: 2 })
).map(([some, others]) => ({ ...Object.fromEntries([...some, ...others]), host: "sts.amazonaws.com" }))

const request: FastCheck.Arbitrary<Request> = FastCheck.record({
  method: FastCheck.constantFrom("GET", "POST"),
  path,
  query: pairs(text.filter((name) => name.toLowerCase() !== "x-amz-signature")).map((query) =>
    Object.entries(query)
  ),
  headers,
  body: text
})

const context: FastCheck.Arbitrary<Context> = FastCheck.record({
  region: FastCheck.constantFrom("us-east-1", "cn-north-1", "eu-central-1"),
  service: FastCheck.constantFrom("sts", "s3"),
  time: millis
})

const theirs = (who: Plain, { region, service }: Context) => {
  const { accessKeyId, secretAccessKey, sessionToken } = who
  return new SignatureV4({
    applyChecksum: false,
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) },
    region,
    service,
    sha256: Sha256
  })
}

const theirRequest = ({ query, ...rest }: Request) => ({
  ...rest,
  protocol: "https:",
  hostname: "sts.amazonaws.com",
  query: Object.fromEntries(query)
})

describe("the official signer agrees", () => {
  it(`on ${numRuns} signed requests`, async () => {
    await FastCheck.assert(
      FastCheck.asyncProperty(request, plainKey, context, async (given, who, where) => {
        const expected = await theirs(who, where).sign(theirRequest(given), {
          signingDate: new Date(where.time)
        })
        assert.deepStrictEqual(sign({ ...where, request: given }, keyOf(who)).headers, expected.headers)
      }),
      { numRuns }
    )
  })

  it(`on ${numRuns} signed URLs`, async () => {
    const expiry = FastCheck.integer({ min: 1, max: 604_800 })
    await FastCheck.assert(
      FastCheck.asyncProperty(request, plainKey, context, expiry, async (given, who, where, expiresIn) => {
        const expected = await theirs(who, where).presign(theirRequest(given), {
          signingDate: new Date(where.time),
          expiresIn
        })
        const { parameters } = presign({ ...where, request: given }, keyOf(who), expiresIn)
        assert.deepStrictEqual(Object.fromEntries([...given.query, ...parameters]), expected.query)
      }),
      { numRuns }
    )
  })
})
