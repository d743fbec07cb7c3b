/** Alibaba Cloud's operations as commands. */
import * as DateTime from "effect/DateTime"
import * as Redacted from "effect/Redacted"
import * as Alibaba from "../../alibaba.js"
import { AlibabaCliProfile } from "../../login.js"
import { AlibabaNode } from "../../node.js"
import { documentation } from "../documentation.js"
import * as Formats from "../formats.js"
import { operationsOf } from "../operation.js"
import { sessionOf } from "../session.js"

/** With which credentials and where Alibaba Cloud is called. */
export const session = sessionOf({ cloud: "alibaba", node: AlibabaNode.layerWith })

/** Credentials in plain text. */
export const issuedOf = (credentials: Alibaba.Credentials): Formats.Issued => ({
  id: credentials.accessKeyId,
  secret: Redacted.value(credentials.accessKeySecret),
  token: credentials.securityToken && Redacted.value(credentials.securityToken),
  expiration: credentials.expiration && DateTime.formatIso(credentials.expiration)
})

const { giving, telling, vouched } = operationsOf({
  docs: documentation.alibaba,
  session,
  names: Formats.alibaba,
  issuedOf,
  write: AlibabaCliProfile.write
})

/** The commands. */
export const operations = [
  telling("whoami", Alibaba.GetCallerIdentityOperation, Alibaba.getCallerIdentity),
  giving("assume-role", Alibaba.AssumeRoleOperation, Alibaba.assumeRole),
  vouched("assume-role-with-oidc", Alibaba.AssumeRoleWithOIDCOperation, Alibaba.assumeRoleWithOIDC),
  vouched("assume-role-with-saml", Alibaba.AssumeRoleWithSAMLOperation, Alibaba.assumeRoleWithSAML)
] as const
