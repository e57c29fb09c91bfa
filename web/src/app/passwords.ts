/** What the server says of a refused password, without the names of the wire's fields. */
export function passwordProblem(said: string): string {
  const rule = /^new_password breaks a rule: (.)(.*)$/s.exec(said);
  if (rule) return `${rule[1]?.toUpperCase()}${rule[2]}`;
  return said.replace('old_password is wrong', 'That is not your password.');
}
