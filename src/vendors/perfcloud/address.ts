/**
 * One of the 762 addresses that are set aside for documentation (RFC 5737); further ones are of
 * the range for benchmarks (RFC 2544). Neither leads anywhere.
 */
export function addressOf(slot: number): string {
  const perBlock = 254;
  const block = ['192.0.2', '198.51.100', '203.0.113'][Math.floor(slot / perBlock)];
  if (block !== undefined) return `${block}.${(slot % perBlock) + 1}`;
  const further = slot - 3 * perBlock;
  return `198.${18 + (further >> 16)}.${(further >> 8) & 0xff}.${further & 0xff}`;
}
