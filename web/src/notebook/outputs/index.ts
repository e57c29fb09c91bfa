export { Outputs } from './Outputs.tsx';
