import { expect, it } from 'vitest';
import { passwordProblem } from './passwords.ts';

it('says what is wrong with a password without the names of the wire', () => {
  expect(passwordProblem('new_password breaks a rule: a password has at least 12 characters')).toBe(
    'A password has at least 12 characters',
  );
  expect(passwordProblem('old_password is wrong')).toBe('That is not your password.');
  expect(passwordProblem('The server is not ready')).toBe('The server is not ready');
});
