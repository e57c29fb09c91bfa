export { NotebookPage } from './NotebookPage.tsx';
