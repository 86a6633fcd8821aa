/** The host's interfaces are configured already: every `net` block is taken as it is. */
export function configure(_name: string, _address: u32, _prefix: u32, _gateway: u32, _mtu: u32): bool {
  return true;
}
