/**
 * The one request that every contender makes of a cloud, and the reply it gets.
 */

/**
 * A reply as long as the services' own, or filled to `bytes` with a longer token.
 *
 * @param {(token: string) => string} withToken
 * @param {string} start
 * @param {string} filling
 */
const filled =
  (withToken, start, filling) =>
  (bytes = 0) =>
    withToken(start.padEnd(Math.max(600, bytes - withToken("").length), filling))

const aws = {
  region: "eu-central-1",
  contentType: "text/xml",
  key: { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY" },
  request: {
    roleArn: "arn:aws:iam::123456789012:role/bench-role",
    roleSessionName: "bench-session",
    durationSeconds: 3600
  },
  /** The same, as it is called on the wire. */
  parameters: {
    RoleArn: "arn:aws:iam::123456789012:role/bench-role",
    RoleSessionName: "bench-session",
    DurationSeconds: "3600"
  },
  /** What a contender has to find in the reply. */
  accessKeyId: "ASIAIOSFODNN7EXAMPLE",
  reply: filled(
    (token) => `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <AssumeRoleResult>
    <AssumedRoleUser>
      <AssumedRoleId>AROA3XFRBF535PLBIFPI4:bench-session</AssumedRoleId>
      <Arn>arn:aws:sts::123456789012:assumed-role/bench-role/bench-session</Arn>
    </AssumedRoleUser>
    <Credentials>
      <AccessKeyId>ASIAIOSFODNN7EXAMPLE</AccessKeyId>
      <SecretAccessKey>wJalrXUtnFEMI/K7MDENG/bPxRfiCYzEXAMPLEKEY</SecretAccessKey>
      <SessionToken>${token}</SessionToken>
      <Expiration>2099-01-01T00:00:00Z</Expiration>
    </Credentials>
  </AssumeRoleResult>
  <ResponseMetadata>
    <RequestId>c6104cbe-af31-11e0-8154-cbc7ccf896c7</RequestId>
  </ResponseMetadata>
</AssumeRoleResponse>
`,
    "IQoJ",
    "b3JpZ2luX2VjEJr/"
  ),
  /** To who asks who it is. */
  identity: `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <GetCallerIdentityResult>
    <Arn>arn:aws:iam::123456789012:user/bench</Arn>
    <UserId>AIDAIOSFODNN7EXAMPLE</UserId>
    <Account>123456789012</Account>
  </GetCallerIdentityResult>
  <ResponseMetadata>
    <RequestId>01234567-89ab-cdef-0123-456789abcdef</RequestId>
  </ResponseMetadata>
</GetCallerIdentityResponse>
`
}

const alibaba = {
  region: "cn-hangzhou",
  contentType: "application/json;charset=utf-8",
  key: { accessKeyId: "LTAI5tExampleExampleExam", accessKeySecret: "ExampleSecretExampleSecretExam" },
  request: {
    roleArn: "acs:ram::1234567890123456:role/bench-role",
    roleSessionName: "bench-session",
    durationSeconds: 3600
  },
  parameters: {
    RoleArn: "acs:ram::1234567890123456:role/bench-role",
    RoleSessionName: "bench-session",
    DurationSeconds: "3600"
  },
  accessKeyId: "STS.NUgYrLnoC37mZZCNnAbez",
  reply: filled(
    (token) =>
      JSON.stringify({
        RequestId: "6894B13B-6D71-4EF5-88FA-F32781734A7F",
        AssumedRoleUser: {
          Arn: "acs:ram::1234567890123456:assumed-role/bench-role/bench-session",
          AssumedRoleId: "300123456789012345:bench-session"
        },
        Credentials: {
          AccessKeyId: "STS.NUgYrLnoC37mZZCNnAbez",
          AccessKeySecret: "CVwjCkNzTMupZ8NbTCxCBRq3K16jtcWFTJAyBEv2",
          SecurityToken: token,
          Expiration: "2099-01-01T00:00:00Z"
        }
      }),
    "CAIS",
    "q6Ft5B2yfSjIr5bf"
  ),
  identity: JSON.stringify({
    RequestId: "6894B13B-6D71-4EF5-88FA-F32781734A7F",
    IdentityType: "RAMUser",
    AccountId: "1234567890123456",
    PrincipalId: "216959339000654321",
    UserId: "216959339000654321",
    Arn: "acs:ram::1234567890123456:user/bench"
  })
}

export const clouds = { aws, alibaba }
