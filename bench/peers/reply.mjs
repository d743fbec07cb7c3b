/**
 * The credentials in a reply of AWS, for clients that leave reading it to their user.
 *
 * @param {string} text
 */
export const credentialsIn = (text) => {
  const field = (name) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1]
  return {
    AccessKeyId: field("AccessKeyId"),
    SecretAccessKey: field("SecretAccessKey"),
    SessionToken: field("SessionToken"),
    Expiration: new Date(field("Expiration"))
  }
}
