/**
 * The one request that every contender makes of AWS, and the reply it gets.
 */

export const contentType = "text/xml"

export const region = "eu-central-1"

export const key = {
  accessKeyId: "AKIAIOSFODNN7EXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
}

export const request = {
  roleArn: "arn:aws:iam::123456789012:role/bench-role",
  roleSessionName: "bench-session",
  durationSeconds: 3600
}

/** The same, as AWS's own client calls it. */
export const input = {
  RoleArn: request.roleArn,
  RoleSessionName: request.roleSessionName,
  DurationSeconds: request.durationSeconds
}

/** The same, as it is called on the wire. */
export const parameters = { ...input, DurationSeconds: String(input.DurationSeconds) }

/** The service's reply, with a token as long as the real ones, or as long as it takes to fill `bytes`. */
export const reply = (bytes = 0): string => {
  const withToken = (
    length: number
  ) => `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <AssumeRoleResult>
    <AssumedRoleUser>
      <AssumedRoleId>AROA3XFRBF535PLBIFPI4:bench-session</AssumedRoleId>
      <Arn>arn:aws:sts::123456789012:assumed-role/bench-role/bench-session</Arn>
    </AssumedRoleUser>
    <Credentials>
      <AccessKeyId>ASIAIOSFODNN7EXAMPLE</AccessKeyId>
      <SecretAccessKey>wJalrXUtnFEMI/K7MDENG/bPxRfiCYzEXAMPLEKEY</SecretAccessKey>
      <SessionToken>${"IQoJ".padEnd(length, "b3JpZ2luX2VjEJr/")}</SessionToken>
      <Expiration>2099-01-01T00:00:00Z</Expiration>
    </Credentials>
  </AssumeRoleResult>
  <ResponseMetadata>
    <RequestId>c6104cbe-af31-11e0-8154-cbc7ccf896c7</RequestId>
  </ResponseMetadata>
</AssumeRoleResponse>
`
  return withToken(Math.max(600, bytes - withToken(4).length + 4))
}
