import { describe, expect, it } from 'vitest'
import { readAddress } from '../../src/outbound/address.ts'

describe('an address that a user gave', () => {
  it.each([
    ['https://issuer.example.com/a?b', 'fine'],
    ['http://8.8.8.8/', 'fine'],
    ['https://[2606:4700:4700::1111]/', 'fine'],
    ['', 'malformed'],
    ['issuer.example.com', 'malformed'],
    ['https://', 'malformed'],
    ['ftp://issuer.example.com', 'scheme'],
    ['file:///etc/passwd', 'scheme'],
    ['javascript:alert(1)', 'scheme'],
    ['https://user@issuer.example.com', 'userinfo'],
    ['https://user:word@issuer.example.com', 'userinfo'],
    ['http://localhost', 'blocked'],
    ['http://LOCALHOST.:8080', 'blocked'],
    ['http://a.localhost', 'blocked'],
    ['http://metadata', 'blocked'],
    ['http://metadata.google.internal/computeMetadata', 'blocked'],
    ['https://kubernetes.default.svc', 'blocked'],
    ['https://db.corp.internal', 'blocked'],
    ['https://printer.local.', 'blocked'],
    ['http://127.0.0.1', 'blocked'],
    ['http://127.1', 'blocked'],
    ['http://2130706433', 'blocked'],
    ['http://0x7f.0.0.1', 'blocked'],
    ['http://0177.0.0.1', 'blocked'],
    ['http://0.0.0.0', 'blocked'],
    ['http://10.1.2.3', 'blocked'],
    ['http://172.16.0.1', 'blocked'],
    ['http://192.168.0.1', 'blocked'],
    ['http://169.254.169.254/latest', 'blocked'],
    ['http://100.64.0.1', 'blocked'],
    ['http://192.0.2.1', 'blocked'],
    ['http://198.18.0.1', 'blocked'],
    ['http://224.0.0.1', 'blocked'],
    ['http://255.255.255.255', 'blocked'],
    ['http://[::1]', 'blocked'],
    ['http://[::]', 'blocked'],
    ['http://[fe80::1]', 'blocked'],
    ['http://[fd00::1]', 'blocked'],
    ['http://[::ffff:127.0.0.1]', 'blocked'],
    ['http://[::ffff:8.8.8.8]', 'blocked'],
    ['http://[64:ff9b::7f00:1]', 'blocked'],
    ['http://[2002:7f00:1::]', 'blocked'],
    ['http://[2001:db8::1]', 'blocked'],
  ])('%s is %s', (text, verdict) => {
    const read = readAddress(text, [])
    expect('problem' in read ? read.problem : 'fine').toBe(verdict)
  })

  it.each([
    ['http://10.1.2.3', ['10.0.0.0/8'], 'fine'],
    ['http://10.1.2.3', ['10.1.2.3'], 'fine'],
    ['http://11.1.2.3', ['10.0.0.0/8'], 'fine'],
    ['http://192.168.0.1', ['10.0.0.0/8', 'nonsense/8', ''], 'blocked'],
    ['http://[fd00::1]', ['fd00::/8', '10.0.0.0/8'], 'fine'],
    ['https://DB.corp.internal', ['db.corp.internal'], 'fine'],
    ['https://a.db.corp.internal', ['db.corp.internal'], 'blocked'],
    ['ftp://db.corp.internal', ['db.corp.internal'], 'scheme'],
    ['https://u@db.corp.internal', ['db.corp.internal'], 'userinfo'],
  ])('%s where %j is allowed: %s', (text, allowed, verdict) => {
    const read = readAddress(text, allowed)
    expect('problem' in read ? read.problem : 'fine').toBe(verdict)
  })
})
