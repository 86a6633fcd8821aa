/** The host's interfaces are configured already: every `net` block is taken as it is. */
export function configure(_name: string, _address: u32, _prefix: u32, _gateway: u32, _mtu: u32): bool {
  return true;
}

export function addAddress(_name: string, _address: u32, _prefix: u32): void {}

export function addRoute(_name: string, _network: u32, _prefix: u32, _router: u32): void {}

export function place(_name: string, _mtu: u32, _device: i32): bool {
  return true;
}

export function placeTagged(_name: string, _mtu: u32, _device: i32, _number: u32, _priority: u32): bool {
  return true;
}
