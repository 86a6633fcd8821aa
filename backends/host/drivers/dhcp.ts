/** The host's interfaces have their addresses already, from a server or not: there is nothing to ask for. */
export function configure(_gateway: u32, _hostName: string): void {}
