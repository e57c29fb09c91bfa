export { BudgetsPage } from './BudgetsPage.tsx';
export { UsagePage } from './UsagePage.tsx';
