/**
 * Proofs of possession, by which a program shows with each request that it has the key it logged in with.
 *
 * Source: RFC 9449, "OAuth 2.0 Demonstrating Proof of Possession", and RFC 7638, "JSON Web Key Thumbprint".
 */
import { createHash, createPublicKey, generateKeyPairSync, verify } from "node:crypto"
import * as Duration from "effect/Duration"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"

const Header = Schema.Struct({
  typ: Schema.Literal("dpop+jwt"),
  alg: Schema.Literal("ES256"),
  jwk: Schema.Struct({
    kty: Schema.Literal("EC"),
    crv: Schema.Literal("P-256"),
    x: Schema.String,
    y: Schema.String,
    d: Schema.optional(Schema.Never)
  })
})

const Claims = Schema.Struct({
  jti: Schema.NonEmptyString,
  htm: Schema.String,
  htu: Schema.String,
  iat: Schema.Number
})

type Jwk = (typeof Header.Type)["jwk"]

const windowMillis = Duration.toMillis("5 minutes")

/** What a proof has to be for. */
interface Expected {
  readonly method: string
  /** With its port, where that is not the usual one. */
  readonly host: string
  readonly path: string
  /** Milliseconds since 1970. */
  readonly now: number
}

/** A proof that holds. */
export interface Proof {
  /** Names the key that signed it. */
  readonly thumbprint: string
  /** Its own name, which no other proof may have. */
  readonly id: string
}

/** The name of a public key of the curve P-256. */
const thumbprintOf = ({ crv, kty, x, y }: Jwk): string =>
  createHash("sha256").update(JSON.stringify({ crv, kty, x, y })).digest("base64url")

const decoded = <A, I>(schema: Schema.Codec<A, I>, part: string) =>
  Result.mapError(
    Schema.decodeUnknownResult(Schema.fromJsonString(schema))(
      Buffer.from(part, "base64url").toString("utf8")
    ),
    () => "it is not a DPoP proof"
  )

const isSigned = (jwk: Jwk, message: string, signature: string): boolean => {
  try {
    const { crv, kty, x, y } = jwk
    const key = createPublicKey({ key: { crv, kty, x, y }, format: "jwk" })
    const bytes = Buffer.from(signature, "base64url")
    return verify("sha256", Buffer.from(message), { key, dsaEncoding: "ieee-p1363" }, bytes)
  } catch {
    return false
  }
}

const isFor = (htu: string, { host, path }: Expected): boolean => {
  if (!URL.canParse(htu)) return false
  const url = new URL(htu)
  return url.host === host && url.pathname === path && url.search === ""
}

/** Verifies a proof, or says what is wrong with it. */
export const verifyProof = (proof: string, expected: Expected): Result.Result<Proof, string> =>
  Result.gen(function* () {
    const [head = "", body = "", signature = ""] = proof.split(".")
    const { jwk } = yield* decoded(Header, head)
    const { htm, htu, iat, jti } = yield* decoded(Claims, body)
    if (!isSigned(jwk, `${head}.${body}`, signature)) return yield* Result.fail("its signature is wrong")
    if (htm !== expected.method || !isFor(htu, expected)) {
      return yield* Result.fail("it is for another request")
    }
    if (Math.abs(iat * 1_000 - expected.now) > windowMillis)
      return yield* Result.fail("its time is too far from now")
    return { thumbprint: thumbprintOf(jwk), id: jti }
  })

/** A key pair for such proofs: the private key in PEM, and the name of the public one. */
export const makeKey = () => {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" })
  const { x = "", y = "" } = publicKey.export({ format: "jwk" })
  return {
    pem: privateKey.export({ type: "sec1", format: "pem" }).toString(),
    thumbprint: thumbprintOf({ kty: "EC", crv: "P-256", x, y })
  }
}
