import { Pencil, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { invalidate, useResource } from '../api/resource.ts';
import { useTitle } from '../app/pages.tsx';
import { ComputeTabs } from '../compute/ComputeTabs.tsx';
import { asked, isAdmin } from '../compute/parts.tsx';
import { Answered } from '../design/Answered.tsx';
import { Button } from '../design/Button.tsx';
import { Confirm } from '../design/Dialog.tsx';
import { exactly } from '../design/format.ts';
import { type Column, Table } from '../design/Table.tsx';
import { BudgetDialog } from './BudgetDialog.tsx';
import {
  type Budget,
  deleteBudget,
  loadBudgets,
  REACHED_WORDS,
  scopeWords,
  thresholdWords,
} from './budgets.ts';
import { BudgetNotices, usePrices } from './parts.tsx';
import { money } from './price.ts';

/** Budgets and how much of each is spent; administrators change them. */
export function BudgetsPage() {
  useTitle('Budgets');
  const { state } = useResource('budgets', loadBudgets, { pollMs: 10_000 });
  const prices = usePrices();
  const [editing, setEditing] = useState<Budget | 'new' | null>(null);
  const [removing, setRemoving] = useState<Budget | null>(null);
  const admin = isAdmin();
  return (
    <main className="page" id="main" tabIndex={-1}>
      <div className="page-head">
        <h1>Budgets</h1>
        {admin && (
          <div className="actions">
            <Button
              look="outline"
              icon={<Plus size={14} aria-hidden="true" />}
              onClick={() => setEditing('new')}
            >
              New budget
            </Button>
          </div>
        )}
      </div>
      <ComputeTabs />
      <BudgetNotices />
      <Answered state={state}>
        {(budgets) =>
          budgets.length === 0 ? (
            <None admin={admin} priced={prices !== null} />
          ) : (
            <Table
              label="Budgets"
              columns={admin ? [...COLUMNS, actions(setEditing, setRemoving)] : COLUMNS}
              rows={budgets}
              keyOf={(budget) => budget.budget_id}
              still={!admin}
              stacks
            />
          )
        }
      </Answered>
      {editing !== null && (
        <BudgetDialog budget={editing === 'new' ? null : editing} onClose={() => setEditing(null)} />
      )}
      {removing !== null && (
        <Confirm
          title={`Delete budget ${removing.name}?`}
          text="Nothing is refused or stopped by it any more. What was used stays known."
          action="Delete budget"
          danger
          onClose={() => setRemoving(null)}
          onConfirm={() => asked(deleteBudget(removing.budget_id).finally(() => invalidate('budget')))}
        />
      )}
    </main>
  );
}

function None({ admin, priced }: { admin: boolean; priced: boolean }) {
  return (
    <div className="empty">
      <h2>No budgets</h2>
      <p>
        {admin
          ? 'A budget refuses starts when so much is spent in a day or a month, and can stop what runs after it was told.'
          : 'Nothing that you start is bounded by a budget.'}
      </p>
      {admin && !priced && (
        <p>
          Nodes have no prices yet: they are the setting <code>cluster-manager.cost.prices</code> of this
          installation.
        </p>
      )}
    </div>
  );
}

function Progress({ budget }: { budget: Budget }) {
  const share = budget.spent / budget.amount;
  const words = `${money(budget.spent, budget.currency)} of ${money(budget.amount, budget.currency)}`;
  return (
    <span className="cost-progress" data-reached={budget.reached}>
      <span className="num">{words}</span>
      <span className="cost-track" aria-hidden="true">
        <span style={{ width: `${Math.min(100, Math.round(share * 100))}%` }} />
      </span>
    </span>
  );
}

const COLUMNS: Column<Budget>[] = [
  { name: 'Name', cell: (b) => b.name },
  { name: 'Of', cell: scopeWords },
  { name: 'Spent', cell: (b) => <Progress budget={b} /> },
  { name: 'Each', cell: (b) => (b.period === 'DAY' ? 'Day' : 'Month') },
  { name: 'Does', cell: thresholdWords },
  {
    name: 'State',
    cell: (b) =>
      b.reached === undefined ? (
        'Open'
      ) : (
        <span className={b.reached === 'NOTIFY' ? 'cost-near' : 'cost-over'}>{REACHED_WORDS[b.reached]}</span>
      ),
  },
  { name: 'Begins anew', className: 'num', cell: (b) => exactly(b.period_ends_at) },
];

function actions(edit: (budget: Budget) => void, remove: (budget: Budget) => void): Column<Budget> {
  return {
    name: 'Actions',
    quiet: true,
    className: 'right',
    cell: (b) => (
      <span className="cost-actions">
        <Button
          small
          icon={<Pencil size={14} aria-hidden="true" />}
          aria-label={`Edit ${b.name}`}
          onClick={() => edit(b)}
        />
        <Button
          small
          icon={<Trash2 size={14} aria-hidden="true" />}
          aria-label={`Delete ${b.name}`}
          onClick={() => remove(b)}
        />
      </span>
    ),
  };
}
