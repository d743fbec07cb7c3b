/** Alibaba Cloud credentials as the ECS metadata service and credentials URIs hand them out. */
import * as Result from "effect/Result"
import type { Names } from "../../protocol/credentialsDocument.js"
import type { Credentials } from "../../schemas/alibaba/Credentials.js"
import type { StsCredentialError } from "../../schemas/StsError.js"
import type { Reply } from "../../services/Reply.js"
import * as answer from "../metadata/answer.js"
import { read } from "./keyPair.js"

const names: Names = {
  id: "AccessKeyId",
  secret: "AccessKeySecret",
  token: "SecurityToken",
  expiration: "Expiration"
}

/** The credentials in a reply. Its `Code` must be `Success`. */
export const credentialsIn = (
  asked: answer.Asked,
  reply: Reply
): Result.Result<Credentials, StsCredentialError> =>
  Result.flatMap(answer.issued(asked, reply, names, true), (found) =>
    Result.mapError(read({ source: asked.source.source, keys: names }, found), ({ detail }) =>
      answer.foreign(asked, detail)
    )
  )
