import { useId, useState } from 'react';
import { invalidate } from '../api/resource.ts';
import { Field, FormDialog } from '../design/FormDialog.tsx';
import { type Action, type Budget, bodyOf, type Scope, saveBudget } from './budgets.ts';

/** Makes a budget, or changes one. */
export function BudgetDialog({ budget, onClose }: { budget: Budget | null; onClose: () => void }) {
  const [scope, setScope] = useState<Scope>(budget?.scope ?? 'WORKSPACE');
  const percent = (action: Action, usual: string): string => {
    if (budget === null) return usual;
    return String(budget.thresholds.find((t) => t.action === action)?.percent ?? '');
  };
  return (
    <FormDialog
      title={budget === null ? 'New budget' : `Edit budget ${budget.name}`}
      action={budget === null ? 'Create budget' : 'Save'}
      onSubmit={async (form) => {
        await saveBudget(budget?.budget_id ?? null, bodyOf(form));
        invalidate('budget');
      }}
      onClose={onClose}
    >
      <Field label="Name" name="name" value={budget?.name ?? ''} required autoFocus />
      <Choice
        label="Of"
        name="scope"
        value={scope}
        options={[
          ['WORKSPACE', 'The workspace'],
          ['USER', 'A person'],
          ['TAG', 'A tag'],
        ]}
        onChange={(value) => setScope(value as Scope)}
      />
      {scope === 'USER' && (
        <Field label="User name" name="user_name" value={budget?.user_name ?? ''} required />
      )}
      {scope === 'TAG' && (
        <div className="cost-pair">
          <Field label="Tag" name="tag_key" value={budget?.tag_key ?? ''} required />
          <Field label="Value" name="tag_value" value={budget?.tag_value ?? ''} required />
        </div>
      )}
      <div className="cost-pair">
        <Field
          label={budget === null ? 'Amount' : `Amount in ${budget.currency}`}
          name="amount"
          value={budget === null ? '' : String(budget.amount)}
          required
        />
        <Choice
          label="Each"
          name="period"
          value={budget?.period ?? 'MONTH'}
          options={[
            ['MONTH', 'Month'],
            ['DAY', 'Day'],
          ]}
        />
      </div>
      <fieldset className="cost-thresholds">
        <legend>When so many percent of it are spent</legend>
        <Field label="Tell" name="NOTIFY" type="number" min={1} max={1000} value={percent('NOTIFY', '80')} />
        <Field
          label="Refuse starts"
          name="REFUSE"
          type="number"
          min={1}
          max={1000}
          value={percent('REFUSE', '100')}
        />
        <Field
          label="Stop clusters"
          name="STOP"
          type="number"
          min={1}
          max={1000}
          value={percent('STOP', '')}
        />
      </fieldset>
      <Field
        label="Minutes between telling a cluster and stopping it"
        name="grace_minutes"
        type="number"
        min={0}
        max={1440}
        value={String(budget?.grace_minutes ?? 15)}
      />
    </FormDialog>
  );
}

interface ChoiceProps {
  label: string;
  name: string;
  value: string;
  options: [value: string, words: string][];
  onChange?: (value: string) => void;
}

function Choice({ label, name, value, options, onChange }: ChoiceProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        name={name}
        className="select"
        defaultValue={value}
        onChange={(e) => onChange?.(e.target.value)}
      >
        {options.map(([option, words]) => (
          <option key={option} value={option}>
            {words}
          </option>
        ))}
      </select>
    </div>
  );
}
