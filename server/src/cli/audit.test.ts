import { userInfo } from 'node:os';
import { expect, it } from 'vitest';
import { operatorName } from './audit.ts';

it('who runs a command is told by name, and by number where there is no name', () => {
  expect(operatorName()).toBe(userInfo().username);
  const nameless = () => {
    throw new Error('uv_os_get_passwd returned ENOENT');
  };
  expect(operatorName(nameless)).toBe(`user ${process.getuid?.()}`);
});
