/**
 * Alibaba Cloud's sign-in pages, as a role's session reaches them. They are documented for resellers; for other accounts
 * they work for some consoles.
 *
 * Source: "GetSigninToken" and "Login", document_detail 91913 and 91914, help.aliyun.com.
 */
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Option from "effect/Option"
import type { SignIn } from "../source.js"

/** How they are asked: by a form, which keeps the keys out of addresses. */
export const signIn: SignIn = {
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
