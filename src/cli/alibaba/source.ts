/** Alibaba Cloud's credentials for other programs. */
import * as Alibaba from "../../alibaba.js"
import { FileCache } from "../../index.js"
import { alibaba as names } from "../formats.js"
import type { Dialect } from "../server.js"
import { cloudOf } from "../source.js"
import { issuedOf, session } from "./operations.js"
import { signIn } from "./signIn.js"

/** What clients of a credentials URI ask and take. */
const dialect: Dialect = {
  header: false,
  reply: ({ expiration, id, secret, token }) => ({
    Code: "Success",
    AccessKeyId: id,
    AccessKeySecret: secret,
    SecurityToken: token,
    Expiration: expiration?.replace(/\.\d+Z$/, "Z")
  }),
  environment: (url) => ({ ALIBABA_CLOUD_CREDENTIALS_URI: url })
}

/** Alibaba Cloud. */
export const cloud = cloudOf({
  name: "alibaba",
  names,
  dialect,
  signIn,
  session,
  provider: Alibaba.CredentialProvider,
  assume: Alibaba.RamRoleArn.make,
  keyOf: (base, role) => FileCache.keyOfRole("alibaba", base, role),
  issuedOf,
  explain: Alibaba.explain
})
