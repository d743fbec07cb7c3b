import { AssumeRoleOperation } from "../../../src/schemas/aws/AssumeRole.js"
import { AssumeRoleWithSAMLOperation } from "../../../src/schemas/aws/AssumeRoleWithSAML.js"
import { AssumeRoleWithWebIdentityOperation } from "../../../src/schemas/aws/AssumeRoleWithWebIdentity.js"
import { AssumeRootOperation } from "../../../src/schemas/aws/AssumeRoot.js"
import { DecodeAuthorizationMessageOperation } from "../../../src/schemas/aws/DecodeAuthorizationMessage.js"
import { GetAccessKeyInfoOperation } from "../../../src/schemas/aws/GetAccessKeyInfo.js"
import { GetCallerIdentityOperation } from "../../../src/schemas/aws/GetCallerIdentity.js"
import { GetDelegatedAccessTokenOperation } from "../../../src/schemas/aws/GetDelegatedAccessToken.js"
import { GetFederationTokenOperation } from "../../../src/schemas/aws/GetFederationToken.js"
import { GetSessionTokenOperation } from "../../../src/schemas/aws/GetSessionToken.js"
import { GetWebIdentityTokenOperation } from "../../../src/schemas/aws/GetWebIdentityToken.js"

export const operations = [
  AssumeRoleOperation,
  AssumeRoleWithSAMLOperation,
  AssumeRoleWithWebIdentityOperation,
  AssumeRootOperation,
  DecodeAuthorizationMessageOperation,
  GetAccessKeyInfoOperation,
  GetCallerIdentityOperation,
  GetDelegatedAccessTokenOperation,
  GetFederationTokenOperation,
  GetSessionTokenOperation,
  GetWebIdentityTokenOperation
]
