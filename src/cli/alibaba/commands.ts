/** `alibaba`: everything that is done with Alibaba Cloud. */
import * as Command from "effect/cli/Command"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Alibaba from "../../alibaba.js"
import { FileCache } from "../../index.js"
import { AlibabaCliProfile } from "../../login.js"
import { AlibabaNode } from "../../node.js"
import { credentialCommands } from "../credentialCommands.js"
import { documentation } from "../documentation.js"
import * as Formats from "../formats.js"
import { operationsOf } from "../operation.js"
import type { Dialect } from "../server.js"
import { sessionOf } from "../session.js"
import { cloudOf, type SignIn } from "../source.js"
import { login, logout } from "./login.js"

/** With which credentials and where Alibaba Cloud is called. */
const session = sessionOf({ cloud: "alibaba", node: AlibabaNode.layerWith })

/** Credentials in plain text. */
const issuedOf = (credentials: Alibaba.Credentials): Formats.Issued => ({
  id: credentials.accessKeyId,
  secret: Redacted.value(credentials.accessKeySecret),
  token: credentials.securityToken && Redacted.value(credentials.securityToken),
  expiration: credentials.expiration && DateTime.formatIso(credentials.expiration)
})

const currentIn = (config: string): unknown => {
  try {
    return JSON.parse(config).current
  } catch {
    return undefined
  }
}

/** The tool takes no file without a current profile: in a new one it is this. */
const write = (credentials: Alibaba.Credentials, options: AlibabaCliProfile.Options) =>
  Effect.gen(function* () {
    const file = yield* AlibabaCliProfile.write(credentials, options)
    const fs = yield* FileSystem.FileSystem
    const config = yield* Effect.orElseSucceed(fs.readFileString(file), () => "")
    return currentIn(config) === options.profile ? `${file}, where it is the current one` : file
  })

const { giving, telling, vouched } = operationsOf({
  docs: documentation.alibaba,
  session,
  names: Formats.alibaba,
  issuedOf,
  write
})

const operations = [
  telling("whoami", Alibaba.GetCallerIdentityOperation, Alibaba.getCallerIdentity),
  giving("assume-role", Alibaba.AssumeRoleOperation, Alibaba.assumeRole),
  vouched("assume-role-with-oidc", Alibaba.AssumeRoleWithOIDCOperation, Alibaba.assumeRoleWithOIDC),
  vouched("assume-role-with-saml", Alibaba.AssumeRoleWithSAMLOperation, Alibaba.assumeRoleWithSAML)
] as const

// Credentials for other programs.

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
  byRegion: false,
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

const cloud = cloudOf({
  name: "alibaba",
  names: Formats.alibaba,
  dialect,
  signIn,
  profileVariables: ["ALIBABA_CLOUD_PROFILE"],
  session,
  provider: Alibaba.CredentialProvider,
  check: ({ roleSessionName = "default", ...role }) =>
    Alibaba.AssumeRoleRequest.validate({ ...role, roleSessionName }),
  assume: Alibaba.RamRoleArn.make,
  keyOf: (base, role) => FileCache.keyOfRole("alibaba", base, role),
  issuedOf,
  region: Alibaba.region,
  explain: Alibaba.explain
})

/** The command. */
export const alibaba = Command.make("alibaba").pipe(
  Command.withSubcommands([...operations, login, logout, ...credentialCommands(cloud)])
)
