/** What somebody needs to know to use an emulator, for programs and for people. */
import * as Redacted from "effect/Redacted"
import { AlibabaSeed, AwsSeed } from "../../testing.js"

type Environment = Readonly<Record<string, string>>

const secret = Redacted.value

const alibabaNames = {
  accessKeyId: AlibabaSeed.keys.user.accessKeyId,
  accessKeySecret: secret(AlibabaSeed.keys.user.accessKeySecret),
  roleArn: AlibabaSeed.arns.role,
  oidcProviderArn: AlibabaSeed.arns.oidcProvider,
  oidcRoleArn: AlibabaSeed.arns.oidcRole,
  samlProviderArn: AlibabaSeed.arns.samlProvider,
  samlRoleArn: AlibabaSeed.arns.samlRole,
  awsOidcProviderArn: AlibabaSeed.arns.awsOidcProvider,
  awsOidcRoleArn: AlibabaSeed.arns.awsRole,
  awsOidcAudience: AlibabaSeed.oidcClientId
}

const awsNames = {
  accessKeyId: AwsSeed.keys.user.accessKeyId,
  secretAccessKey: secret(AwsSeed.keys.user.secretAccessKey),
  region: AwsSeed.region,
  roleArn: AwsSeed.arns.role,
  oidcProviderArn: AwsSeed.arns.oidcProvider,
  oidcRoleArn: AwsSeed.arns.oidcRole,
  samlProviderArn: AwsSeed.arns.samlProvider,
  samlRoleArn: AwsSeed.arns.samlRole
}

const alibabaEnvironment = (endpoint: string) => ({
  service: { ALIBABA_CLOUD_STS_ENDPOINT: endpoint },
  keys: {
    ALIBABA_CLOUD_ACCESS_KEY_ID: alibabaNames.accessKeyId,
    ALIBABA_CLOUD_ACCESS_KEY_SECRET: alibabaNames.accessKeySecret
  },
  credentialsUri: {
    ALIBABA_CLOUD_CREDENTIALS_URI: `${endpoint}${AlibabaSeed.credentialsUri.path}?token=${secret(AlibabaSeed.credentialsUriToken)}`
  }
})

const awsEnvironment = (endpoint: string) => ({
  service: {
    AWS_REGION: awsNames.region,
    AWS_ENDPOINT_URL_STS: endpoint,
    AWS_ENDPOINT_URL_SSO: endpoint,
    AWS_ENDPOINT_URL_SSO_OIDC: endpoint,
    AWS_ENDPOINT_URL_SIGNIN: endpoint
  },
  keys: {
    AWS_ACCESS_KEY_ID: awsNames.accessKeyId,
    AWS_SECRET_ACCESS_KEY: awsNames.secretAccessKey
  },
  instance: { AWS_EC2_METADATA_SERVICE_ENDPOINT: endpoint },
  ecsContainer: { AWS_CONTAINER_CREDENTIALS_FULL_URI: `${endpoint}${AwsSeed.ecsContainer.path}` },
  eksContainer: {
    AWS_CONTAINER_CREDENTIALS_FULL_URI: `${endpoint}${AwsSeed.eksContainer.path}`,
    AWS_CONTAINER_AUTHORIZATION_TOKEN: secret(AwsSeed.containerToken)
  }
})

const sso = {
  startUrl: AwsSeed.identityCenter.startUrl,
  region: AwsSeed.identityCenter.region,
  accountId: AwsSeed.ssoRole.accountId,
  roleName: AwsSeed.ssoRole.roleName,
  clientId: AwsSeed.ssoSignIn.clientId,
  clientSecret: secret(AwsSeed.ssoSignIn.clientSecret),
  accessToken: secret(AwsSeed.ssoSignIn.accessToken),
  refreshToken: secret(AwsSeed.ssoSignIn.refreshToken)
}

const cloudSso = (endpoint: string) => ({
  signInUrl: `${endpoint}/login`,
  accountId: AlibabaSeed.cloudSsoAccess.accountId,
  accessConfigurationId: AlibabaSeed.cloudSsoAccess.accessConfigurationId,
  accessToken: secret(AlibabaSeed.cloudSsoToken)
})

const oauth = (endpoint: string) => ({
  signInUrl: endpoint,
  clientId: AlibabaSeed.oauth.cn.clientId,
  accessToken: secret(AlibabaSeed.oauth.cn.accessToken),
  refreshToken: secret(AlibabaSeed.oauth.cn.refreshToken)
})

/** For programs. */
export const asJson = (endpoint: string): string =>
  JSON.stringify({
    endpoint,
    alibaba: {
      ...alibabaNames,
      environment: alibabaEnvironment(endpoint),
      ecsMetadata: { endpoint, roleName: AlibabaSeed.instance.role },
      cloudSso: cloudSso(endpoint),
      oauth: oauth(endpoint)
    },
    aws: { ...awsNames, environment: awsEnvironment(endpoint), sso }
  })

const exports = (...environments: ReadonlyArray<Environment>): string =>
  environments
    .flatMap((environment) => Object.entries(environment))
    .map(([name, value]) => `export ${name}='${value}'`)
    .join("\n")

/** For shells. */
export const asVariables = (endpoint: string, keys: boolean): string => {
  const alibaba = alibabaEnvironment(endpoint)
  const aws = awsEnvironment(endpoint)
  return keys
    ? exports(alibaba.service, alibaba.keys, aws.service, aws.keys)
    : exports(alibaba.service, aws.service)
}

const mint = (endpoint: string, path: string): string =>
  `curl -d '{}' -H 'content-type: application/json' ${endpoint}/_emulator/${path}`

/** For people. */
export const asText = (endpoint: string): string => {
  const alibaba = alibabaEnvironment(endpoint)
  const aws = awsEnvironment(endpoint)
  return `The emulator listens on ${endpoint}. Stop it with Ctrl-C.

Alibaba Cloud

${exports(alibaba.service, alibaba.keys)}

A role to assume:   ${alibabaNames.roleArn}
With an OIDC token: ${alibabaNames.oidcRoleArn} through ${alibabaNames.oidcProviderArn}
With a SAML proof:  ${alibabaNames.samlRoleArn} through ${alibabaNames.samlProviderArn}

Tokens and proofs:  ${mint(endpoint, "alibaba/oidc-tokens")}
                    ${mint(endpoint, "alibaba/saml-responses")}

Instead of the keys, a credentials URI:

${exports(alibaba.credentialsUri)}

AWS

${exports(aws.service, aws.keys)}

A role to assume:   ${awsNames.roleArn}
With an OIDC token: ${awsNames.oidcRoleArn} through ${awsNames.oidcProviderArn}
With a SAML proof:  ${awsNames.samlRoleArn} through ${awsNames.samlProviderArn}

Tokens and proofs:  ${mint(endpoint, "aws/oidc-tokens")}
                    ${mint(endpoint, "aws/saml-responses")}
A login's file:     ${mint(endpoint, "aws/logins")}

Instead of the keys, as on an instance of EC2:

${exports(aws.instance)}

as in a container of ECS:

${exports(aws.ecsContainer)}

or as in a pod of EKS:

${exports(aws.eksContainer)}

What --json tells besides: the tokens of who is signed in through IAM Identity Center, CloudSSO and OAuth.
`
}
