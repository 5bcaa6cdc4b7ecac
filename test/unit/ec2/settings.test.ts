import { expect, test } from 'vitest';
import { ec2Entry } from '../../../src/vendors/ec2/entry.ts';
import { settings } from '../../../src/vendors/ec2/settings.ts';

function problems(given: object): readonly string[] {
  const result = settings.safeParse({ region: 'us-east-1', ...given });
  return result.error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [];
}

test('a region is all that must be said', () => {
  expect(settings.parse({ region: 'eu-central-1' })).toMatchObject({
    market: 'on-demand',
    prices: 'auto',
    currency: 'USD',
    tagPrefix: 'skypact',
    availability: 99.5,
    address: 'public',
  });
});

test('checked settings are settings: they are read back as they are', () => {
  const given = {
    region: 'us-east-1',
    zones: 'us-east-1a, us-east-1b',
    images: { mine: 'ami-0123456789abcdef0', 'debian-12': { owner: 'self', name: 'deb-*' } },
    endpoint: 'http://127.0.0.1:5000',
    endpoints: { '*': '127.0.0.1:2222' },
    promises: { 'cpu.steal': 5 },
  };
  const once = settings.parse(given);
  expect(settings.parse(once)).toEqual(once);
  expect(once.zones).toEqual(['us-east-1a', 'us-east-1b']);
  expect(once.images['mine']).toEqual({ ami: 'ami-0123456789abcdef0' });
  expect(once.images['debian-12']).toEqual({ owner: 'self', name: 'deb-*' });
  expect(Object.keys(once.images)).toContain('ubuntu-24.04');
});

test.each([
  [{ region: 'moon' }, 'region: a region such as us-east-1'],
  [{ secretAccessKey: 'x' }, ': Unrecognized key: "secretAccessKey"'],
  [
    { endpoint: 'http://key:secret@ec2' },
    'endpoint: an http or https URL without user, password or query',
  ],
  [{ endpoint: 'ftp://ec2' }, 'endpoint: an http or https URL without user, password or query'],
  [{ images: { x: 'debian' } }, 'images.x.ami: an AMI id such as ami-0abc1234'],
  [{ tagPrefix: 'aws-mine' }, 'tagPrefix: not aws…'],
  [{ currency: 'EUR' }, 'currency: '],
  [{ promises: { 'cpu.used': 5 } }, 'promises: Unrecognized key: "cpu.used"'],
  [{ availability: 101 }, 'availability: '],
])('%j is refused, naming the setting and what it may be', (given, problem) => {
  expect(problems(given).join('; ')).toContain(problem);
});

test('opening with settings that are none fails with VENDOR.SETTINGS_INVALID', async () => {
  const call = {
    conversation: expect.anything(),
    signal: new AbortController().signal,
    progress: () => undefined,
  };
  await expect(ec2Entry.open('aws', { region: 7 }, call)).rejects.toMatchObject({
    code: 'VENDOR.SETTINGS_INVALID',
    message: expect.stringContaining('vendor aws: region'),
  });
});
