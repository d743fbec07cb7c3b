/**
 * The names of Alibaba Cloud's regions, and what looks like a slip in one.
 *
 * Source: "Regions and zones", Alibaba Cloud documentation, and the endpoint tables of the vendor's STS client.
 */
import * as Result from "effect/Result"
import { meant } from "../misspelling.js"

/** Regions with a host of their own, inside the VPC too. */
export const regionsWithBoth: ReadonlyArray<string> = [
  "ap-northeast-1",
  "ap-northeast-2",
  "ap-southeast-1",
  "ap-southeast-3",
  "ap-southeast-5",
  "ap-southeast-7",
  "cn-beijing",
  "cn-chengdu",
  "cn-fuzhou",
  "cn-guangzhou",
  "cn-hangzhou",
  "cn-heyuan",
  "cn-hongkong",
  "cn-huhehaote",
  "cn-nanjing",
  "cn-qingdao",
  "cn-shanghai",
  "cn-shanghai-finance-1",
  "cn-shenzhen",
  "cn-wuhan-lr",
  "cn-wulanchabu",
  "cn-zhangjiakou",
  "eu-central-1",
  "eu-west-1",
  "me-central-1",
  "me-east-1",
  "na-south-1",
  "us-east-1",
  "us-west-1"
]

/** Regions without a public host of their own, whom the global one serves. */
export const globalRegions: ReadonlySet<string> = new Set([
  "ap-northeast-2-pop",
  "ap-south-1",
  "ap-southeast-2",
  "cn-beijing-finance-1",
  "cn-beijing-finance-pop",
  "cn-beijing-gov-1",
  "cn-beijing-nu16-b01",
  "cn-edge-1",
  "cn-fujian",
  "cn-haidian-cm12-c01",
  "cn-hangzhou-bj-b01",
  "cn-hangzhou-finance",
  "cn-hangzhou-internal-prod-1",
  "cn-hangzhou-internal-test-1",
  "cn-hangzhou-internal-test-2",
  "cn-hangzhou-internal-test-3",
  "cn-hangzhou-test-306",
  "cn-hongkong-finance-pop",
  "cn-huhehaote-nebula-1",
  "cn-qingdao-nebula",
  "cn-shanghai-et15-b01",
  "cn-shanghai-et2-b01",
  "cn-shanghai-inner",
  "cn-shanghai-internal-test-1",
  "cn-shenzhen-inner",
  "cn-shenzhen-st4-d01",
  "cn-shenzhen-su18-b01",
  "cn-wuhan",
  "cn-yushanfang",
  "cn-zhangbei",
  "cn-zhangbei-na61-b01",
  "cn-zhangjiakou-na62-a01",
  "cn-zhengzhou-nebula-1",
  "eu-west-1-oxs",
  "rus-west-1-pop"
])

/** Regions that are reached by the VPC's host alone, whichever the network. */
export const vpcOnlyRegions: ReadonlySet<string> = new Set(["cn-north-2-gov-1", "cn-shenzhen-finance-1"])

/** Regions that people use: what a slip may have meant. */
const usual: ReadonlyArray<string> = [
  ...regionsWithBoth,
  ...vpcOnlyRegions,
  "ap-south-1",
  "ap-southeast-2",
  "ap-southeast-6",
  "ap-southeast-8",
  "cn-beijing-finance-1",
  "cn-hangzhou-finance",
  "cn-zhengzhou-jva",
  "eu-west-2",
  "us-southeast-1"
]

const known: ReadonlySet<string> = new Set([...usual, ...globalRegions])

// Cities that may have a region some day and are spelt almost as one that has one now.
const likeOthers =
  "anqing bozhou cangzhou changde changzhou chengde chuzhou dazhou dezhou ezhou ganzhou guian guyuan hezhou huizhou huzhou jingzhou lanzhou liuzhou luzhou nanning nanping nantong nanyang neijiang panjin quanzhou quzhou sanming shangrao suizhou suzhou wuhai wuhu wuzhou xuzhou yangzhou yongzhou zhangzhou zhengzhou zhuzhou"

const areas =
  "acdr af ap central cn eu gov me na north northeast northwest sa south southeast southwest us east west"

const words: ReadonlySet<string> = new Set([
  ...[...known].flatMap((region) => region.split("-")),
  ...likeOthers.split(" "),
  ...areas.split(" ")
])

/** Made of words that regions are made of: one that is newer than this table, rather than a slip. */
const isPlausible = (name: string): boolean =>
  name.split("-").every((word) => words.has(word) || /^[1-9]\d{0,2}$/.test(word))

// In `cn-shangha1` the digit stands for a letter, in `ap-southeast-01` for the same region.
const numberOf = (name: string): string => /(?:^|-)0*(\d*)$/.exec(name)?.[1] ?? ""
const lettersOf = (name: string): string => name.replace(/[^a-z0-9]/g, "")

// `cn-hangzhou-b` and `us-west-1a` are zones.
const withoutZone = (name: string): string => name.replace(/-?[a-z]$/, "")
const withoutFirstWord = (name: string): string => name.replace(/^[^-]*-/, "")

/** The region that stands in a longer name: `oss-cn-hangzhou-internal`, `sts.cn-hangzhou.aliyuncs.com`. */
const within = (name: string): string | undefined =>
  usual.find((region) => {
    const before = name.indexOf(region)
    if (before < 0) return false
    const after = name.slice(before + region.length)
    return before === 0
      ? /^([^a-z0-9-]|-(internal|intranet|vpc)$)/.test(after)
      : /[^a-z0-9]$/.test(name.slice(0, before)) && /^($|[^a-z0-9])/.test(after)
  })

/** Another number is another region: `ap-southeast-6` is no slip in `ap-southeast-5`. */
const slipIn = (name: string): string | undefined => {
  const number = numberOf(name)
  return meant(
    name,
    usual.filter((region) => number === "" || number === numberOf(region))
  )
}

const meantBy = (name: string): string | undefined => {
  const letters = lettersOf(name)
  const exact =
    usual.find(
      (region) =>
        lettersOf(region) === letters ||
        region === `${name}-1` ||
        name === `${region}-1` ||
        withoutFirstWord(region) === name
    ) ??
    usual.find((region) => region === withoutZone(name)) ??
    within(name)
  if (exact !== undefined || isPlausible(name)) return exact
  return slipIn(name) ?? slipIn(withoutZone(name)) ?? slipIn(withoutFirstWord(name))
}

/** What is wrong with a region's name. */
export interface RegionFault {
  readonly detail: string
  readonly hint: string | undefined
}

// A region becomes part of a host name: with a dot or slash in it, it would name another host.
const hostLabel = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/
const longest = 100

/**
 * A region in lower case. One that is almost a known region is refused: it would be another host, and nobody's.
 */
export const regionOf = (text: string): Result.Result<string, RegionFault> => {
  const name = text.trim().toLowerCase()
  if (known.has(name)) return Result.succeed(name)
  const other = name.length > longest ? undefined : meantBy(name)
  if (other !== undefined) {
    return Result.fail({ detail: `is no region; ${other} may be meant`, hint: `Set it to ${other}.` })
  }
  return hostLabel.test(name)
    ? Result.succeed(name)
    : Result.fail({ detail: "is no name of a region", hint: "A region is named as in eu-central-1." })
}
