/**
 * ACS3 signatures that the vendor published. Some state the canonical headers and the body's hash instead of the
 * headers and the body.
 */
import { strictEqual } from "node:assert"
import {
  canonicalRequest,
  sha256,
  signature,
  signedHeaderNames,
  stringToSign
} from "../../../src/protocol/alibaba/acs3.js"
import { namesOf, type SignedNames } from "../../../src/protocol/signature.js"
import { pure, readJson, type Suite } from "../Suite.js"

interface Vector {
  readonly id: string
  readonly method: string
  readonly pathname: string
  readonly secret: string
  readonly query: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
  readonly rawCanonicalHeaders?: string
  readonly signedHeaders?: string
  readonly body?: string
  readonly payloadHash?: string
  readonly signature: string
}

const signedOf = ({ headers, signedHeaders }: Vector): SignedNames =>
  signedHeaders === undefined ? signedHeaderNames(headers ?? {}) : namesOf(signedHeaders)

const parseCanonical = (headers: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    headers
      .split("\n")
      .filter(Boolean)
      .map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1)])
  )

export const signaturesV3: Suite = {
  name: "alibaba/signatures-v3.json",
  cases: (path) =>
    readJson<ReadonlyArray<Vector>>(path).map((vector) =>
      pure(vector.id, () => {
        const canonical = canonicalRequest(
          {
            method: vector.method,
            path: vector.pathname,
            query: vector.query,
            headers: vector.headers ?? parseCanonical(vector.rawCanonicalHeaders ?? ""),
            contentSha256: vector.payloadHash ?? sha256(vector.body ?? "")
          },
          signedOf(vector)
        )
        strictEqual(signature(vector.secret, stringToSign(canonical)), vector.signature)
      })
    )
}
