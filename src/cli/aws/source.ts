/** AWS's credentials for other programs. */
import * as Aws from "../../aws.js"
import { FileCache } from "../../index.js"
import { aws as names } from "../formats.js"
import type { Dialect } from "../server.js"
import { cloudOf } from "../source.js"
import { issuedOf, session } from "./operations.js"
import { signIn } from "./signIn.js"

/** What clients of the container's endpoint ask and take. */
const dialect: Dialect = {
  header: true,
  reply: ({ expiration, id, secret, token }) => ({
    AccessKeyId: id,
    SecretAccessKey: secret,
    Token: token,
    Expiration: expiration
  }),
  environment: (url, secret) => ({
    AWS_CONTAINER_CREDENTIALS_FULL_URI: url,
    AWS_CONTAINER_AUTHORIZATION_TOKEN: secret
  })
}

/** AWS. */
export const cloud = cloudOf({
  name: "aws",
  names,
  dialect,
  signIn,
  session,
  provider: Aws.CredentialProvider,
  assume: Aws.AssumedRole.make,
  keyOf: (base, role) => FileCache.keyOfRole("aws", base, role),
  issuedOf,
  explain: Aws.explain
})
