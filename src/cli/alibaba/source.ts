/** Alibaba Cloud's credentials for other programs. */

import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Option from "effect/Option"
import * as Alibaba from "../../alibaba.js"
import { FileCache } from "../../index.js"
import { alibaba as names } from "../formats.js"
import type { Dialect } from "../server.js"
import { cloudOf, type SignIn } from "../source.js"
import { issuedOf, session } from "./operations.js"

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

/** The sign-in page, which is asked by a form, which keeps the keys out of addresses. */
const signIn: SignIn = {
  lifetime: "30 seconds, once",
  endpoint: () => "https://signin.aliyun.com",
  request: (endpoint, { id, secret, token = "" }) =>
    HttpClientRequest.bodyUrlParams(HttpClientRequest.post(`${endpoint}/federation`), {
      Action: "GetSigninToken",
      AccessKeyId: id,
      AccessKeySecret: secret,
      SecurityToken: token,
      TicketType: "normal"
    }),
  url: (endpoint, token, { destination }) =>
    `${endpoint}/federation?${new URLSearchParams({
      Action: "Login",
      LoginUrl: "https://www.aliyun.com/",
      Destination: Option.getOrElse(destination, () => "https://home.console.aliyun.com/"),
      SigninToken: token
    })}`
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
