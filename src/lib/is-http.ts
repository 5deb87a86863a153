// Comes in: an address. Goes out: whether it is one of the web. Opens nothing.

/** Whether an address is fetched by HTTP. */
export function isHttp(address: string): boolean {
  return /^https?:\/\//i.test(address);
}
