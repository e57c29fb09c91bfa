import { describe, expect, it } from 'vitest';
import { bodyOf, type ClusterPolicy, draftOf, effective, parsedRules, ruleWords } from './policies.ts';

const POLICY: ClusterPolicy = {
  policy_id: 'p',
  name: 'small',
  definition: '{"num_workers":{"type":"fixed","value":0}}',
  libraries: [{ jar: '/Volumes/main/default/v/a.jar' }],
  max_clusters_per_user: 2,
};

describe('what is edited of a policy', () => {
  it('shows rules of one line on several and sends them as they are shown', () => {
    const draft = draftOf(POLICY);
    expect(draft.rules).toBe('{\n  "num_workers": {\n    "type": "fixed",\n    "value": 0\n  }\n}');
    expect(bodyOf(draft, POLICY)).toMatchObject({ name: 'small', max_clusters_per_user: 2 });
  });

  it('keeps what the page does not show', () => {
    expect(bodyOf(draftOf(POLICY), POLICY)['libraries']).toEqual(POLICY.libraries);
  });

  it('leaves no limit where none is typed', () => {
    expect(bodyOf({ ...draftOf(POLICY), most: ' ' }, POLICY)).not.toHaveProperty('max_clusters_per_user');
  });

  it('sends what differs from a family, never its definition', () => {
    const policy = {
      ...POLICY,
      policy_family_id: 'personal-vm',
      policy_family_definition_overrides: '{"a":{"type":"forbidden"}}',
    };
    const body = bodyOf(draftOf(policy), policy);
    expect(body).toMatchObject({ policy_family_id: 'personal-vm' });
    expect(body).not.toHaveProperty('definition');
    expect(JSON.parse(String(body['policy_family_definition_overrides']))).toEqual({
      a: { type: 'forbidden' },
    });
  });
});

describe('rules in words', () => {
  it.each([
    [{ type: 'fixed', value: 30 }, 'is 30'],
    [{ type: 'forbidden' }, 'must be left out'],
    [{ type: 'allowlist', values: ['a', 'b'], defaultValue: 'a' }, 'is one of a, b (default a)'],
    [{ type: 'blocklist', values: [1, 2, 3, 4, 5, 6, 7, 8] }, 'is none of 1, 2, 3, 4, 5, 6 and 2 more'],
    [{ type: 'range', minValue: 1, maxValue: 4 }, 'is 1 to 4'],
    [{ type: 'range', maxValue: 4, isOptional: true }, 'is at most 4 (may be left out)'],
    [{ type: 'regex', pattern: '[a-z]+', hidden: true }, 'matches [a-z]+ (not in forms)'],
    [{ type: 'odd' }, 'has a rule of the unknown type odd'],
  ])('%j', (rule, words) => {
    expect(ruleWords(rule)).toBe(words);
  });

  it('are those of the family where the policy has no own', () => {
    const families = [
      {
        policy_family_id: 'f',
        name: 'F',
        description: '',
        definition: '{"a":{"type":"unlimited"},"b":{"type":"forbidden"}}',
      },
    ];
    const draft = { ...draftOf(null), family: 'f', rules: '{"b":{"type":"fixed","value":1}}' };
    expect(effective(draft, families)).toEqual({ a: { type: 'unlimited' }, b: { type: 'fixed', value: 1 } });
  });

  it('that cannot be read say why', () => {
    expect(parsedRules('{')).toHaveProperty('problem');
    expect(parsedRules('[]')).toHaveProperty('problem');
    expect(parsedRules('{}')).toEqual({ rules: {} });
  });
});
