import { assert, describe, it } from "@effect/vitest"
import * as FastCheck from "fast-check"
import { isAddress, isContainerHost, isNearby } from "../../src/layers/metadata/Destination.js"

describe("hosts for plain HTTP", () => {
  it.each([
    ["127.0.0.1", true, true],
    ["127.255.0.9", true, true],
    ["2130706433", true, true],
    ["0x7f.1", true, true],
    ["::1", true, true],
    ["[::1]", true, true],
    ["0:0:0:0:0:0:0:1", true, true],
    ["::ffff:127.0.0.1", true, true],
    ["169.254.170.2", true, true],
    ["169.254.170.23", true, true],
    ["fd00:ec2::23", true, true],
    ["FD00:0EC2:0::0023", true, true],
    ["::ffff:a9fe:aa02", true, true],
    ["169.254.170.3", false, true],
    ["169.254.169.254", false, true],
    ["fd00:ec2::254", false, true],
    ["fe80::1", false, true],
    ["febf::1", false, true],
    ["10.255.255.255", false, true],
    ["172.31.0.1", false, true],
    ["192.168.1.1", false, true],
    ["100.100.100.200", false, true],
    ["172.32.0.1", false, false],
    ["100.128.0.1", false, false],
    ["0.0.0.0", false, false],
    ["::", false, false],
    ["126.255.255.255", false, false],
    ["128.0.0.1", false, false],
    ["8.8.8.8", false, false],
    ["fec0::1", false, false],
    ["2001:db8::1", false, false],
    ["::127.0.0.1", false, false],
    ["64:ff9b::7f00:1", false, false],
    ["::ffff:8.8.8.8", false, false]
  ])("%s: containers %s, nearby %s", (address, container, nearby) => {
    assert.isTrue(isAddress(address))
    assert.deepStrictEqual([isContainerHost(address), isNearby(address)], [container, nearby])
  })

  it.each([
    "localhost",
    "127.0.0.1.evil.test",
    "169.254.170.2.nip.io",
    "a.test",
    "",
    "fe80::1%eth0",
    "1.2.3.4.5"
  ])("%s is a name and passes no rule", (name) => {
    assert.deepStrictEqual([isAddress(name), isContainerHost(name), isNearby(name)], [false, false, false])
  })

  it("is the same for every spelling of an address", () => {
    const group = FastCheck.integer({ min: 0, max: 0xffff })
    FastCheck.assert(
      FastCheck.property(FastCheck.array(group, { minLength: 8, maxLength: 8 }), (groups) => {
        const full = groups.map((each) => each.toString(16).padStart(4, "0").toUpperCase()).join(":")
        const short = new URL(`http://[${full}]/`).hostname
        assert.strictEqual(isNearby(full), isNearby(short))
      })
    )
  })
})
