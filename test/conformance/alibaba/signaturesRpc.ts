/**
 * RPC signatures that the vendor published.
 */
import { strictEqual } from "node:assert"
import { signature, stringToSign } from "../../../src/protocol/alibaba/rpc.js"
import { pure, readJson, type Suite } from "../Suite.js"

interface Vector {
  readonly id: string
  readonly method: string
  readonly secret: string
  readonly params: Readonly<Record<string, string>>
  readonly signature: string
}

export const signaturesRpc: Suite = {
  name: "alibaba/signatures-rpc.json",
  cases: (path) =>
    readJson<ReadonlyArray<Vector>>(path).map((vector) =>
      pure(vector.id, () => {
        strictEqual(signature(vector.secret, stringToSign(vector.method, vector.params)), vector.signature)
      })
    )
}
