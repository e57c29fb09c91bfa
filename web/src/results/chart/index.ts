export { ChartTab } from './ChartTab.tsx';
