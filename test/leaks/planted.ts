/**
 * Secrets that nothing else looks like. They hold characters that each encoding spells in its own way.
 */
const made = (name: string): string => `PLANTED-${name}-+/="&~<7f3a9c0e51d84b26>-${name}-END`

/** Of what a program sends and holds. */
export const own = {
  accessKeySecret: "PLANTED-key-secret-+/=7f3a9c0e51d84b26-END",
  securityToken: "PLANTED-security-token-+/=a90d1c77e35b4f82-END",
  oidcToken: made("oidc"),
  samlAssertion: made("saml"),
  tradeInToken: made("trade-in"),
  contextAssertion: made("context"),
  proxyPassword: "PLANTED-proxy-password-5e2d8f0b71c94a36-END"
}

/** Of what a service issues: what such values are made of, and no more. */
export const issued = {
  issuedSecret: "PLANTEDissuedsecret7f3a9c0e51d84b26END",
  issuedToken: "PLANTEDissuedtoken+/a90d1c77e35b4f82/+PLANTEDissuedtokenEND=="
}

export const planted = { ...own, ...issued }

/** Six digits are too few to be looked for like the others. */
export const tokenCode = "739154"

/** Whether a text holds the code as a word of its own. */
export const holdsTokenCode = (text: string): boolean => /(?<![\d.])739154(?!\d)/.test(text)

/** A text of which no part comes twice. */
export const unrepeated = (length: number): string => {
  let state = 1
  let text = ""
  while (text.length < length) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff
    text += (state >>> 4).toString(36)
  }
  return text.slice(0, length)
}
