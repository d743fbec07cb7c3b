/** AWS credentials as the instance metadata service and container endpoints hand them out. */
import * as Result from "effect/Result"
import type { Names } from "../../protocol/credentialsDocument.js"
import type { Credentials } from "../../schemas/aws/Credentials.js"
import type { StsCredentialError } from "../../schemas/StsError.js"
import type { Reply } from "../../services/Reply.js"
import * as answer from "../metadata/answer.js"
import { read } from "./keyPair.js"

const names: Names = {
  id: "AccessKeyId",
  secret: "SecretAccessKey",
  token: "Token",
  expiration: "Expiration",
  accountId: "AccountId"
}

/** The credentials in a reply. */
export const credentialsIn = (
  asked: answer.Asked,
  reply: Reply
): Result.Result<Credentials, StsCredentialError> =>
  Result.flatMap(answer.issued(asked, reply, names), (found) =>
    Result.mapError(read({ source: asked.source.source, keys: names }, found), ({ detail }) =>
      answer.foreign(asked, detail)
    )
  )
