/** The host's interfaces have their addresses of IPv6 already, from a server or not: there is nothing to ask for. */
export function configure(_name: string, _hostName: string): void {}
