/** Which hosts may be asked for credentials over plain HTTP, told by their addresses. */

/** An address as its bytes: 4 for IPv4, also where IPv6 only wraps it, 16 for IPv6. */
type Bytes = ReadonlyArray<number>

const groupsOf = (text: string): ReadonlyArray<number> =>
  text === "" ? [] : text.split(":").map((group) => Number.parseInt(group, 16))

const ipv6Bytes = (canonical: string): Bytes => {
  const [head = "", tail] = canonical.split("::")
  const left = groupsOf(head)
  const right = groupsOf(tail ?? "")
  const groups = [...left, ...new Array<number>(8 - left.length - right.length).fill(0), ...right]
  const bytes = groups.flatMap((group) => [group >> 8, group & 255])
  const mapped = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255
  return mapped ? bytes.slice(12) : bytes
}

// The URL's own parser knows every spelling of an address.
const canonicalOf = (host: string): string | undefined => {
  const url = `http://${host.includes(":") && !host.startsWith("[") ? `[${host}]` : host}/`
  return URL.canParse(url) ? new URL(url).hostname : undefined
}

const bytesOf = (host: string): Bytes | undefined => {
  const canonical = canonicalOf(host)
  if (canonical === undefined) return undefined
  if (canonical.startsWith("[")) return ipv6Bytes(canonical.slice(1, -1))
  return /^\d+(\.\d+){3}$/.test(canonical) ? canonical.split(".").map(Number) : undefined
}

/** Whether a host is an address, in brackets or not, rather than a name. */
export const isAddress = (host: string): boolean => bytesOf(host) !== undefined

/** A test of one address. A name passes none. */
export type HostRule = (address: string) => boolean

const within = (address: Bytes, network: Bytes, bits: number): boolean =>
  address.length === network.length &&
  network.every((byte, index) => {
    const mask = 255 & ~(255 >> Math.max(0, Math.min(8, bits - 8 * index)))
    return ((address[index] ?? 0) & mask) === (byte & mask)
  })

const anyOf = (...networks: ReadonlyArray<string>): HostRule => {
  const ranges = networks.map((range) => {
    const [address = "", bits = ""] = range.split("/")
    return [bytesOf(address) ?? [], Number(bits)] as const
  })
  return (host) => {
    const bytes = bytesOf(host)
    return bytes !== undefined && ranges.some(([network, bits]) => within(bytes, network, bits))
  }
}

const loopback = ["127.0.0.0/8", "::1/128"]

/**
 * This machine, and the addresses at which Amazon ECS and Amazon EKS answer containers.
 *
 * Source: "Container credential provider", AWS SDKs and Tools Reference Guide.
 */
export const isContainerHost: HostRule = anyOf(
  ...loopback,
  "169.254.170.2/32",
  "169.254.170.23/32",
  "fd00:ec2::23/128"
)

/**
 * This machine, and networks whose addresses lead nowhere on the internet: link-local, private, and those shared
 * behind a carrier's or a cloud's own translation, where Alibaba Cloud's metadata service is.
 *
 * Source: RFC 6890, "Special-Purpose IP Address Registries".
 */
export const isNearby: HostRule = anyOf(
  ...loopback,
  "169.254.0.0/16",
  "fe80::/10",
  "10.0.0.0/8",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "100.64.0.0/10",
  "fc00::/7"
)
